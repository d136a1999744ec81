using FaceAnonStream.Detection;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Jobs;

/// <summary>
/// What was done to one live stream while it ran: numbers, names and hashes, no pixels and no secrets. A host may write it to a
/// file, where every property appears under its camelCase name.
/// </summary>
public sealed record LiveReport
{
    /// <summary>The source's address without secrets.</summary>
    public required string Source { get; init; }

    /// <summary>The output's address without secrets, or its path.</summary>
    public required string Output { get; init; }

    /// <summary>The cover that was asked for; <see cref="Outcomes"/> says what was done.</summary>
    public required RedactionMethod Method { get; init; }

    /// <summary>Width of the picture, in pixels; 0 when there was none.</summary>
    public int Width { get; init; }

    /// <summary>Height of the picture, in pixels; 0 when there was none.</summary>
    public int Height { get; init; }

    /// <summary>How far ahead faces were looked for, in milliseconds: less than asked for where frame memory was short. Null when
    /// there was no picture.</summary>
    public int? LookAheadMs { get; init; }

    /// <summary>Frames that were let in, slates included. Each of them was anonymised.</summary>
    public FrameCounts Frames { get; init; } = new(0, 0);

    public DropCounts Dropped { get; init; } = new(0, 0, 0);

    /// <summary>Every anonymised frame, under exactly one outcome.</summary>
    public OutcomeCounts Outcomes { get; init; } = new(0, 0, 0, 0, 0, 0);

    public FaceCounts Faces { get; init; } = new(0, 0, 0, new LevelCounts(0, 0, 0, 0, 0), new FallbackCounts(0, 0, 0, 0, 0, 0));

    public ReconnectCounts Reconnects { get; init; } = new(0, 0);

    /// <summary>Null when no frame was written.</summary>
    public LatencyQuantiles? LatencyMs { get; init; }

    /// <summary>Why faces or frames were covered more heavily than asked for; see <see cref="FailureTally"/>.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    public IReadOnlyList<ModelIdentity> Models { get; init; } = [];

    public required JobTiming Timing { get; init; }
}

/// <summary>Frames that did not reach the sink; see <see cref="Live.DropReason"/>.</summary>
/// <param name="Backlog">Would have been late.</param>
/// <param name="NoMemory">Frame memory was used up.</param>
/// <param name="SinkAway">Anonymised, but the sink was away.</param>
public sealed record DropCounts(long Backlog, long NoMemory, long SinkAway)
{
    /// <summary>All of them.</summary>
    public long Total() => Backlog + NoMemory + SinkAway;
}

/// <summary>Connections that were made again.</summary>
/// <param name="Source">To the source.</param>
/// <param name="Sink">To the sink.</param>
public sealed record ReconnectCounts(long Source, long Sink);

/// <summary>Added latency, from a frame in the decoder's output to the frame in the encoder's input, in milliseconds.</summary>
/// <param name="P50">What half of the frames did not exceed.</param>
/// <param name="P99">What 99 of 100 frames did not exceed.</param>
public sealed record LatencyQuantiles(int P50, int P99);
