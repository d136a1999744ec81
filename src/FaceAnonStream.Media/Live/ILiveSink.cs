using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Muxing;

namespace FaceAnonStream.Media.Live;

/// <summary>Where a live stream goes. It outlives lost destinations by itself: their frames are left out and counted.</summary>
public interface ILiveSink : IVideoSink
{
    /// <summary>Ends the output as it should end, because its source is away; the next frame begins it anew. A recording in
    /// one file goes on. From any thread.</summary>
    ValueTask EndOutputAsync(CancellationToken ct);
}

/// <summary>What is written, where to and how.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Format">Size and layout of every frame.</param>
/// <param name="TimeBase">Seconds per PTS tick.</param>
/// <param name="FrameRate">Nominal frames per second; 0/0 where unknown.</param>
/// <param name="SampleAspectRatio">Width over height of one sample.</param>
public sealed record LiveOutput(Endpoint Target, FrameFormat Format, Rational TimeBase, Rational FrameRate, Rational SampleAspectRatio)
{
    /// <summary>Encoder and programs.</summary>
    public MediaOptions Media { get; init; } = new();

    /// <summary>Limits and waits.</summary>
    public LiveOptions Live { get; init; } = new();

    /// <summary>Whether a file of the target's name may be replaced.</summary>
    public bool Overwrite { get; init; }

    internal PictureStream Pictures => PictureStream.Tagged(Format, TimeBase, FrameRate, SampleAspectRatio);
}
