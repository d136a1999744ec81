using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;

namespace FaceAnonStream.Evaluation;

/// <summary>The networks that judge. Owns them.</summary>
/// <param name="detector">Finds the faces, in frames of a format.</param>
/// <param name="landmarks">Finds the points of faces.</param>
/// <param name="recognizers">Tell people apart; may be none.</param>
public sealed class EvaluationModels(
    Func<FrameFormat, IFaceDetector> detector, LandmarkModel landmarks, IReadOnlyList<Recognizer> recognizers) : IDisposable
{
    /// <summary>Frames that the detector is shown together. Each takes some 160 MB of the network at 1920 px.</summary>
    public const int BatchSize = 4;

    /// <summary>Lowest score of a face that counts.</summary>
    public const double MinScore = 0.6;

    private const int SmallestLongSidePx = 640;
    private const int LargestLongSidePx = 1920;

    private (int Width, int Height) _size;
    private IFaceDetector? _detector;

    public LandmarkModel Landmarks { get; } = landmarks;

    public IReadOnlyList<Recognizer> Recognizers { get; } = recognizers;

    /// <summary>The detector that was used.</summary>
    /// <exception cref="InvalidOperationException">None was needed yet.</exception>
    internal ModelIdentity Detector => (_detector ?? throw new InvalidOperationException("nothing was looked at")).Model;

    /// <summary>Loads a detector that looks at frames in their own size, up to 1920 px.</summary>
    /// <param name="source">A model with YuNet's layout.</param>
    /// <param name="format">What it will be shown.</param>
    /// <param name="time">Measures deadlines.</param>
    public static IFaceDetector LoadDetector(ModelSource source, FrameFormat format, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(format);
        var options = new DetectOptions
        {
            LongSidePx = Math.Clamp(Math.Max(format.Width, format.Height), SmallestLongSidePx, LargestLongSidePx),
            BatchSize = BatchSize,
            MinScore = MinScore,
        };
        return ParallelDetector.Load(source, options, ProviderPreference.Auto, time);
    }

    /// <summary>The detector for frames of a size. It lasts until another size is asked for: for large frames its memory is
    /// most of the program's.</summary>
    internal IFaceDetector DetectorFor(FrameFormat format)
    {
        var size = (format.Width, format.Height);
        if (_detector is null || size != _size)
        {
            _detector?.Dispose();
            _detector = null;
            (_detector, _size) = (detector(format), size);
        }

        return _detector;
    }

    public void Dispose()
    {
        _detector?.Dispose();
        Landmarks.Dispose();
        foreach (var recognizer in Recognizers)
        {
            recognizer.Dispose();
        }
    }
}
