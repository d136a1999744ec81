using FaceAnonStream.Frames;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Tests.Telemetry;

/// <summary>Makes receipts as a job books them.</summary>
internal static class Receipts
{
    public static FaceOutcome Face(
        int track, Evidence evidence = Evidence.Observed, OutcomeKind kind = OutcomeKind.Synthetic, FallbackReason? fallback = null) =>
        new(new TrackedFace(track, RectF.FromCenter(10, 10, 5, 5), evidence, 0.9f), kind, fallback);

    public static FrameReceipt Frame(long index, long arrivedAt, OutcomeKind kind, params FaceOutcome[] faces) =>
        new(index, index, arrivedAt, new FrameOutcome(kind, faces, null));
}
