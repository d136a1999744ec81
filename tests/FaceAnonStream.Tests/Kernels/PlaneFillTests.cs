using FaceAnonStream.Kernels;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class PlaneFillTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(33, 7, 41)]
    public void Fill_AnyStride_PaintsEverySampleAndNoOther(int width, int height, int stride)
    {
        var plane = new GuardedPlane<ushort>(width, height, stride);

        PlaneFill.Fill(plane.View, (ushort)940);

        plane.ShouldBeUntouchedExcept((_, _) => true);
        for (var y = 0; y < height; y++)
        {
            plane.View.Row(y).ToArray().ShouldAllBe(sample => sample == 940);
        }
    }
}
