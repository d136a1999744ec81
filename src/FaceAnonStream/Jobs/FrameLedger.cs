using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Jobs;

/// <summary>
/// Books every frame in and every receipt out: each frame has exactly one outcome, in order, or the job is defective.
/// One thread decodes, one books receipts, any may read the totals.
/// </summary>
/// <param name="onReceipt">Told of every receipt once it is booked.</param>
/// <param name="telemetry">Told of every frame; null where nobody measures.</param>
internal sealed class FrameLedger(Action<FrameReceipt>? onReceipt, StreamTelemetry? telemetry = null)
{
    private readonly long[] _frames = new long[Enum.GetValues<OutcomeKind>().Length];
    private readonly long[] _faces = new long[Enum.GetValues<OutcomeKind>().Length];
    private readonly long[] _fallbacks = new long[Enum.GetValues<FallbackReason>().Length];
    private readonly FailureTally _failures = new();
    private long _decoded;
    private long _emitted;
    private long _observed;
    private long _filled;

    public long Decoded => Volatile.Read(ref _decoded);

    public long Emitted => Volatile.Read(ref _emitted);

    public long FacesCovered => Volatile.Read(ref _observed) + Volatile.Read(ref _filled);

    public long WholeFrames => Volatile.Read(ref _frames[(int)OutcomeKind.WholeFrame]);

    public OutcomeCounts Outcomes => new(
        Of(_frames, OutcomeKind.NoFace),
        Of(_frames, OutcomeKind.Synthetic),
        Of(_frames, OutcomeKind.Mosaic),
        Of(_frames, OutcomeKind.Blur),
        Of(_frames, OutcomeKind.Solid),
        Of(_frames, OutcomeKind.WholeFrame));

    public FaceCounts Faces => new(
        FacesCovered,
        Volatile.Read(ref _observed),
        Volatile.Read(ref _filled),
        new LevelCounts(
            Of(_faces, OutcomeKind.Synthetic),
            Of(_faces, OutcomeKind.Mosaic),
            Of(_faces, OutcomeKind.Blur),
            Of(_faces, OutcomeKind.Solid),
            Of(_faces, OutcomeKind.WholeFrame)),
        new FallbackCounts(
            Of(_fallbacks, FallbackReason.TooSmall),
            Of(_fallbacks, FallbackReason.Unconfirmed),
            Of(_fallbacks, FallbackReason.UnusableLandmarks),
            Of(_fallbacks, FallbackReason.ExtremePose),
            Of(_fallbacks, FallbackReason.Uncovered),
            Of(_fallbacks, FallbackReason.ModelFailure)));

    public IReadOnlyList<FailureCount> Failures => _failures.ToList();

    public void RecordDecoded()
    {
        Interlocked.Increment(ref _decoded);
        telemetry?.FrameDecoded();
    }

    /// <summary>Books receipts until the input completes.</summary>
    public async Task RunAsync(Link<FrameReceipt> input, CancellationToken ct)
    {
        try
        {
            while (await input.ReceiveAsync(ct).ConfigureAwait(false) is { } receipt)
            {
                Record(receipt);
                telemetry?.Booked(receipt);
                onReceipt?.Invoke(receipt);
            }
        }
        finally
        {
            input.Abandon();
        }
    }

    /// <summary>Checks that nothing was lost.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Defect"/>.</exception>
    public void Close()
    {
        if (Emitted != Decoded)
        {
            throw new FaultException(FaultOrigin.Defect, $"{Decoded} frames were decoded but {Emitted} came out");
        }
    }

    private static long Of(long[] counts, OutcomeKind kind) => Volatile.Read(ref counts[(int)kind]);

    private static long Of(long[] counts, FallbackReason reason) => Volatile.Read(ref counts[(int)reason]);

    private void Record(FrameReceipt receipt)
    {
        if (receipt.Index != Emitted)
        {
            throw new FaultException(FaultOrigin.Defect, $"frame {receipt.Index} came out where frame {Emitted} was due");
        }

        Interlocked.Increment(ref _frames[(int)receipt.Outcome.Kind]);
        foreach (var face in receipt.Outcome.Faces)
        {
            Interlocked.Increment(ref _faces[(int)face.Kind]);
            Interlocked.Increment(ref face.Observed ? ref _observed : ref _filled);
            if (face.Fallback is { } reason)
            {
                Interlocked.Increment(ref _fallbacks[(int)reason]);
            }
        }

        if (receipt.Outcome.Failure is { } failure)
        {
            _failures.Add(failure);
        }

        Interlocked.Increment(ref _emitted);
    }
}
