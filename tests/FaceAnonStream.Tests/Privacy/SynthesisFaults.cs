using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Generation;
using FaceAnonStream.Tests.Generation;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>What landmark nets and generators may do wrong, by name.</summary>
internal static class SynthesisFaults
{
    public static Task<IReadOnlyList<LandmarkReading>> Reading(string kind)
    {
        var good = SynthesisRig.Good[0];
        var broken = good.Points.ToArray();
        broken[70].Y = float.NaN;
        return kind switch
        {
            "throws" => throw GenerateRig.NoLuck,
            "cancels from within" => Task.FromException<IReadOnlyList<LandmarkReading>>(new OperationCanceledException("from within")),
            "not finite" => Answer(good with { Points = broken }),
            "unsure in no number" => Answer(good with { Usability = float.NaN }),
            "fewer points" => Answer(good with { Points = good.Points[1..] }),
            "no answer" => Answer(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        static Task<IReadOnlyList<LandmarkReading>> Answer(params LandmarkReading[] readings) =>
            Task.FromResult<IReadOnlyList<LandmarkReading>>(readings);
    }

    /// <param name="rig">Lends the memory.</param>
    /// <param name="kind">What is wrong.</param>
    /// <param name="drawing">A good one; disposed.</param>
    public static async Task<FaceDrawing> DrawingAsync(SynthesisRig rig, string kind, FaceDrawing drawing)
    {
        var square = drawing.Square;
        using var unused = drawing;
        if (kind == "throws later")
        {
            await Task.Yield();
        }

        return kind switch
        {
            "throws at once" or "throws later" => throw new InvalidOperationException("unforeseen"),
            "cancels from within" => throw new OperationCanceledException("from within"),
            "wrong size" => FaceDrawing.Of(square, FlatGenerator.Size + 1, drawing.Face, drawing.Mask),
            "square nowhere" => rig.Instead(drawing, square with { Center = new Vector2(float.NaN, 0) }),
            "empty square" => rig.Instead(drawing, square with { Side = 0 }),
            "beside the face" => rig.Instead(drawing, square with { Center = square.Center + new Vector2(square.Side, 0) }),
            "mask of nothing" => rig.Instead(drawing, mask: 0),
            "mask too thin" => rig.Instead(drawing, mask: 0.5f),
            "mask not finite" => rig.Instead(drawing, mask: float.NaN),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }
}
