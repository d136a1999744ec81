using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>Says of the runs of one stream what would be said too often otherwise. One caller at a time.</summary>
/// <param name="configuration">What the stream is asked to do.</param>
/// <param name="repeat">Least time between two lines about the same failure.</param>
/// <param name="time">Measures it.</param>
/// <param name="logger">Where lines go.</param>
internal sealed class RunLog(StreamConfiguration configuration, TimeSpan repeat, TimeProvider time, ILogger logger)
{
    private string? _said;
    private long _saidAt;
    private int _unsaid;
    private bool _knowsLookAhead;

    /// <summary>A run has failed. Failures that repeat are counted and said now and then.</summary>
    /// <param name="failure">Why, in one line without secrets.</param>
    /// <param name="wait">Time until the next run.</param>
    public void Failed(string failure, TimeSpan wait)
    {
        var now = time.GetTimestamp();
        if (failure == _said && time.GetElapsedTime(_saidAt, now) < repeat)
        {
            _unsaid++;
            return;
        }

        StreamHostLog.Failed(logger, configuration.Name, failure, (long)wait.TotalMilliseconds, _unsaid);
        (_said, _saidAt, _unsaid) = (failure, now, 0);
    }

    /// <summary>How far the stream looks ahead; said once, where it is less than was asked for.</summary>
    /// <param name="milliseconds">Null before it is known.</param>
    public void LookAhead(int? milliseconds)
    {
        if (_knowsLookAhead || milliseconds is not { } given)
        {
            return;
        }

        _knowsLookAhead = true;
        if (given < configuration.WantedLookAheadMs)
        {
            StreamHostLog.LookAheadShortened(logger, configuration.Name, given, configuration.WantedLookAheadMs);
        }
    }
}
