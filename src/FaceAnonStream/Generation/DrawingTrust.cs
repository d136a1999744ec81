namespace FaceAnonStream.Generation;

/// <summary>
/// Whether a face may be drawn, after what failed before: a track that failed keeps its mosaic for a while, and after many
/// failures in a row so does every track. It goes by the times of frames, in their order, so that what is drawn does not
/// depend on how fast it was.
/// </summary>
internal sealed class DrawingTrust(GenerateOptions options)
{
    private readonly TimeSpan _recovery = TimeSpan.FromMilliseconds(options.RecoverMs);
    private readonly Dictionary<int, TimeSpan> _failedTracks = [];
    private TimeSpan? _pausedAt;
    private int _failuresInARow;

    /// <summary>How often drawing was paused because everything failed.</summary>
    public int Pauses { get; private set; }

    /// <summary>Whether a track's face may be drawn, or shown, in a frame.</summary>
    public bool Allows(int trackId, TimeSpan time) =>
        !(_pausedAt is { } paused && time - paused < _recovery)
        && !(_failedTracks.TryGetValue(trackId, out var failed) && time - failed < _recovery);

    public void Succeed(int trackId)
    {
        _failuresInARow = 0;
        _pausedAt = null;
        _failedTracks.Remove(trackId);
    }

    public void Fail(int trackId, TimeSpan time)
    {
        _failedTracks[trackId] = time;
        if (++_failuresInARow >= options.MaxConsecutiveFailures)
        {
            _pausedAt = time;
            Pauses++;
        }
    }

    public void Forget(int trackId) => _failedTracks.Remove(trackId);
}
