using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.YuNet;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

public sealed class YuNetDecoderTests
{
    private readonly Random _random = new(5);

    // Fewer cells than a vector has lanes, exactly as many, one more, and many.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(4, 2)]
    [InlineData(3, 3)]
    [InlineData(16, 1)]
    [InlineData(17, 1)]
    [InlineData(20, 12)]
    public void Decode_RandomOutputs_EqualsThePlainFormulas(int columns, int rows)
    {
        foreach (var minScore in new[] { 0.05f, 0.3f, 0.7f })
        {
            var cells = columns * rows;
            // Beyond 0 to 1 on both sides: scores are clamped.
            var (cls, obj) = (Values(cells, -0.3f, 1.3f), Values(cells, -0.3f, 1.3f));
            var (box, points) = (Values(cells * 4, -2, 2), Values(cells * 10, -3, 3));
            var faces = new List<FaceDetection>();
            YuNetDecoder.Decode(
                new YuNetLevel { Stride = 16, Columns = columns, Class = cls, Object = obj, Box = box, Points = points }, minScore, faces);

            var expected = new List<FaceDetection>();
            for (var i = 0; i < cells; i++)
            {
                var score = Math.Sqrt(Math.Clamp(cls[i], 0, 1) * Math.Clamp(obj[i], 0, 1));
                if (score >= minScore)
                {
                    expected.Add(Plain(i % columns, i / columns, 16, score, box.AsSpan(i * 4, 4), points.AsSpan(i * 10, 10)));
                }
            }

            faces.Count.ShouldBe(expected.Count);
            for (var i = 0; i < faces.Count; i++)
            {
                ShouldBeNear(faces[i], expected[i]);
            }
        }
    }

    private static FaceDetection Plain(int column, int row, int stride, double score, ReadOnlySpan<float> box, ReadOnlySpan<float> kps)
    {
        var width = Math.Exp(box[2]) * stride;
        var height = Math.Exp(box[3]) * stride;
        var points = new FivePoints();
        for (var k = 0; k < FivePoints.Count; k++)
        {
            points[k] = new((column + kps[2 * k]) * stride, (row + kps[(2 * k) + 1]) * stride);
        }

        var left = ((column + box[0]) * stride) - (width / 2);
        var top = ((row + box[1]) * stride) - (height / 2);
        return new FaceDetection(new RectF((float)left, (float)top, (float)width, (float)height), (float)score, points);
    }

    private static void ShouldBeNear(FaceDetection actual, FaceDetection expected)
    {
        actual.Score.ShouldBe(expected.Score, 1e-5);
        actual.Box.X.ShouldBe(expected.Box.X, 1e-3);
        actual.Box.Y.ShouldBe(expected.Box.Y, 1e-3);
        actual.Box.Width.ShouldBe(expected.Box.Width, 1e-3);
        actual.Box.Height.ShouldBe(expected.Box.Height, 1e-3);
        for (var k = 0; k < FivePoints.Count; k++)
        {
            (actual.Points[k] - expected.Points[k]).Length().ShouldBeLessThan(1e-3f);
        }
    }

    private float[] Values(int count, float from, float to) =>
        [.. Enumerable.Range(0, count).Select(_ => from + (_random.NextSingle() * (to - from)))];
}
