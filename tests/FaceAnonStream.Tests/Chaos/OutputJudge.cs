using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>What a picture of the output is.</summary>
internal enum Sight
{
    /// <summary>A frame of the scene.</summary>
    Scene,

    /// <summary>One colour.</summary>
    Blank,

    /// <summary>Neither: a damaged frame.</summary>
    Damaged,
}

/// <summary>Looks at every picture of the output and compares it with what the camera saw. Not thread-safe.</summary>
internal sealed class OutputJudge(StampedScene scene) : IDisposable
{
    private const float LeastWidthPx = 24;
    private const float LeastVisible = 0.3f;
    private const double BlankDeviation = 6;

    /// <summary>Frames around the last one that was recognised whose faces a damaged picture is searched for.</summary>
    private const int Around = 40;

    private readonly FramePool _pool = new(StampedScene.Format, 1);
    private int _last;

    public long SceneFrames { get; private set; }

    public long BlankFrames { get; private set; }

    public long DamagedFrames { get; private set; }

    /// <summary>Faces of the truth that were looked for.</summary>
    public long Faces { get; private set; }

    /// <summary>Originals that were seen, in words.</summary>
    public List<string> Leaks { get; } = [];

    /// <param name="luma">The luma plane of a picture of the output, in the scene's size.</param>
    public Sight Look(ReadOnlySpan<byte> luma)
    {
        if (FrameStamp.Read(luma, StampedScene.Format.Width) is { } number && number < scene.Frames.Count)
        {
            _last = number;
            SceneFrames++;
            Compare(luma, number, Sight.Scene);
            return Sight.Scene;
        }

        if (Deviation(luma) < BlankDeviation)
        {
            BlankFrames++;
            return Sight.Blank;
        }

        DamagedFrames++;
        for (var offset = -Around; offset <= Around; offset++)
        {
            Compare(luma, (_last + offset + scene.Frames.Count) % scene.Frames.Count, Sight.Damaged);
        }

        return Sight.Damaged;
    }

    public void Dispose() => _pool.Dispose();

    private void Compare(ReadOnlySpan<byte> luma, int number, Sight sight)
    {
        using var picture = _pool.TryRent(number, number, new Rational(1, 25), arrivedAt: 0)!;
        luma.CopyTo(picture.Memory.Span);
        picture.Memory.Span[luma.Length..].Fill(128);
        foreach (var face in scene.Moments[number].Faces.Where(face => face.Box.Width >= LeastWidthPx && face.Visible >= LeastVisible))
        {
            Faces++;
            var visibility = OriginalVisibility.Of(scene.Frames[number], picture, new FaceDetection(face.Box, 1, face.Points));
            if (visibility.IsOriginal(MathF.Max(face.Box.Width, face.Box.Height)))
            {
                Leaks.Add($"{sight} frame {SceneFrames + BlankFrames + DamagedFrames}, scene {number}: face at {face.Box} is to be seen ({visibility})");
            }
        }
    }

    private static double Deviation(ReadOnlySpan<byte> luma)
    {
        double sum = 0, squares = 0;
        foreach (var value in luma)
        {
            sum += value;
            squares += value * value;
        }

        var mean = sum / luma.Length;
        return Math.Sqrt(Math.Max(0, (squares / luma.Length) - (mean * mean)));
    }
}
