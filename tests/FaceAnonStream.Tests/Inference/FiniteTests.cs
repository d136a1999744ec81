using FaceAnonStream.Inference;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference;

public class FiniteTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void All_OneBadValueAnywhere_IsSeen(float bad)
    {
        for (var length = 1; length < 40; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => (i % 2 == 0 ? 1e30f : -1e30f) * i)];
            Finite.All(values).ShouldBeTrue();
            for (var i = 0; i < length; i++)
            {
                var saved = values[i];
                values[i] = bad;
                Finite.All(values).ShouldBeFalse();
                values[i] = saved;
            }
        }
    }

    [Fact]
    public void All_LargestNumbers_AreNumbers() =>
        Finite.All([.. Enumerable.Repeat(float.MaxValue, 33), .. Enumerable.Repeat(float.MinValue, 33)]).ShouldBeTrue();
}
