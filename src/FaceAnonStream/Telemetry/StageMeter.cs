using System.Diagnostics.Metrics;

namespace FaceAnonStream.Telemetry;

/// <summary>Measures how long a stage works on what it is given. One flow uses it.</summary>
/// <param name="durations">Where it is recorded, in seconds.</param>
/// <param name="labels">Which stream and stage.</param>
/// <param name="time">Measures.</param>
public sealed class StageMeter(Histogram<double> durations, KeyValuePair<string, object?>[] labels, TimeProvider time)
{
    /// <summary>Now, as a timestamp to give to <see cref="Worked"/>.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>One item was worked on.</summary>
    /// <param name="start">When that began.</param>
    /// <param name="waited">How long of it the stage waited for room in the next link, in timestamp ticks.</param>
    public void Worked(long start, long waited) =>
        durations.Record(Math.Max(0, time.GetTimestamp() - start - waited) / (double)time.TimestampFrequency, labels);
}
