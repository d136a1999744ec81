namespace FaceAnonStream.Jobs;

/// <summary>How far a job is: one immutable snapshot, reported as often as the job likes.</summary>
/// <param name="FramesDecoded">Frames read from the input.</param>
/// <param name="FramesEmitted">Frames handed to the encoder.</param>
/// <param name="TotalFrames">Frames expected in all, an estimate that the input may miss; null when unknown.</param>
/// <param name="FacesCovered">Faces covered so far, counted once per frame.</param>
/// <param name="LiveTracks">Faces being followed now.</param>
/// <param name="WholeFrames">Frames that became solid as a whole.</param>
public sealed record JobProgress(
    long FramesDecoded, long FramesEmitted, long? TotalFrames, long FacesCovered, int LiveTracks, long WholeFrames)
{
    /// <summary>The snapshot of a job that has not started.</summary>
    public static JobProgress None { get; } = new(0, 0, null, 0, 0, 0);
}
