namespace FaceAnonStream.Hosting.Streams;

/// <summary>How patient a host is.</summary>
public sealed record StreamHostOptions
{
    /// <summary>First wait before a failed stream is started anew. It doubles with every failure.</summary>
    public TimeSpan RestartMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait. A stream that ran for longer starts again with the first wait.</summary>
    public TimeSpan RestartMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a stream may take to end beyond <c>media.stopGraceMs</c> before it is cancelled, and then before it
    /// is given up.</summary>
    public TimeSpan StopMargin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a stream may take to let a frame go, while frames enter it, beyond what its stages may wait for. Then it is
    /// cancelled, and started anew.</summary>
    public TimeSpan OutflowMargin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at whether frames leave.</summary>
    public TimeSpan OutflowPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Least time between two lines in the log about the same failure of a stream.</summary>
    public TimeSpan RepeatLog { get; init; } = TimeSpan.FromMinutes(1);
}
