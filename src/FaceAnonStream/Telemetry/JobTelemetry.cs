using FaceAnonStream.Flow;

namespace FaceAnonStream.Telemetry;

/// <summary>Measures the links and stages of one job.</summary>
/// <param name="stream">Of what stream; null measures nothing.</param>
internal sealed class JobTelemetry(StreamTelemetry? stream)
{
    private readonly Func<int>?[] _depths = new Func<int>?[Enum.GetValues<LinkName>().Length];

    /// <summary>A link whose depth is shown.</summary>
    public Link<T> Link<T>(LinkName name, int capacity)
        where T : class, IDisposable
    {
        var link = new Link<T>(capacity, stream?.Time);
        _depths[(int)name] = () => link.Count;
        return link;
    }

    public StageMeter? Meter(StageName stage) => stream?.Meter(stage);

    /// <summary>The job runs until the result is disposed.</summary>
    public Measured Run(Func<int> liveTracks)
    {
        var job = new RunningJob(liveTracks, _depths);
        stream?.Began(job);
        return new Measured(stream, job);
    }

    /// <summary>A job that is being measured.</summary>
    internal sealed class Measured(StreamTelemetry? stream, RunningJob job) : IDisposable
    {
        public void Dispose() => stream?.Ended(job);
    }
}
