namespace FaceAnonStream.Cli.Progress;

/// <summary>Frames per second over the last ten seconds or so: the speed now, not the average since the start.</summary>
internal sealed class SpeedMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Timestamp, long Frames)> _samples = new();

    /// <summary>Notes a count and returns the speed; null until something was emitted between two calls.</summary>
    public double? Update(long frames)
    {
        var now = time.GetTimestamp();
        _samples.Enqueue((now, frames));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
        {
            _samples.Dequeue();
        }

        var (timestamp, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(timestamp, now).TotalSeconds;
        return seconds > 0 && frames > before ? (frames - before) / seconds : null;
    }
}
