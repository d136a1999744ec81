using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>
/// A frame that may leave. The only way to one is <see cref="From"/>, which anonymises: a decoded frame cannot reach a
/// sink without an outcome.
/// </summary>
public sealed class AnonymizedFrame : IDisposable
{
    private readonly VideoFrame _frame;

    private AnonymizedFrame(VideoFrame frame, FrameOutcome outcome)
    {
        _frame = frame;
        Outcome = outcome;
    }

    public FrameOutcome Outcome { get; }

    public FrameFormat Format => _frame.Format;

    public long Index => _frame.Index;

    /// <inheritdoc cref="VideoFrame.Pts"/>
    public long Pts => _frame.Pts;

    /// <inheritdoc cref="VideoFrame.ArrivedAt"/>
    public long ArrivedAt => _frame.ArrivedAt;

    /// <summary>The anonymised planes, packed as <see cref="FrameFormat"/> says.</summary>
    public ReadOnlyMemory<byte> Memory => _frame.Memory;

    /// <summary>Anonymises a frame in place. Takes over <paramref name="tracked"/>, even when it throws.</summary>
    public static AnonymizedFrame From(TrackedFrame tracked, RedactionLadder ladder)
    {
        ArgumentNullException.ThrowIfNull(tracked);
        try
        {
            ArgumentNullException.ThrowIfNull(ladder);
            var outcome = ladder.Apply(tracked);
            tracked.ReleaseDrawings();
            return new AnonymizedFrame(tracked.Frame, outcome);
        }
        catch
        {
            tracked.Dispose();
            throw;
        }
    }

    public void Dispose() => _frame.Dispose();
}
