using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Detection;

public sealed class FaceDetectionTests
{
    [Fact]
    public void Equals_ComparesEveryPoint()
    {
        var points = new FivePoints();
        points[4] = new(1, 2);
        var face = new FaceDetection(new RectF(1, 2, 3, 4), 0.5f, points);
        var same = face with { Score = 0.5f };
        same.ShouldBe(face);
        same.GetHashCode().ShouldBe(face.GetHashCode());
        points[4] = new(1, 3);
        (face with { Points = points }).ShouldNotBe(face);
    }
}
