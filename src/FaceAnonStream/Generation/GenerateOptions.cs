using FaceAnonStream.Configuration;

namespace FaceAnonStream.Generation;

/// <summary>How synthetic faces are drawn.</summary>
public sealed record GenerateOptions
{
    [Setting("Most faces drawn in one inference call, of any frames and streams.", Min = 1, Max = 64)]
    public int MaxBatch { get; init; } = 8;

    [Setting("Longest time, in milliseconds, that a face waits for others to be drawn with it.", Min = 0, Max = 1000)]
    public int MaxWaitMs { get; init; } = 2;

    [Setting("Frames whose faces may be drawn at the same time, so that batches fill. A live stream lags by as many at most.", Min = 1, Max = 32)]
    public int FramesInFlight { get; init; } = 4;

    [Setting("CPU threads for drawing faces of one size; 0 takes one for every four cores, at most 8.", Min = 0, Max = 64)]
    public int Threads { get; init; }

    [Setting("Longest time, in milliseconds, that one inference call may take before its faces get a mosaic.", Min = 100, Max = 600000)]
    public int TimeoutMs { get; init; } = 5000;

    [Setting("A face that could not be drawn has a mosaic for at least this many milliseconds, so that it does not flicker.", Min = 0, Max = 60000)]
    public int RecoverMs { get; init; } = 1000;

    [Setting("After this many failed faces in a row all faces get a mosaic for recoverMs before the generator is tried again.", Min = 1, Max = 1000)]
    public int MaxConsecutiveFailures { get; init; } = 8;

    [Setting("Milliseconds over which one synthetic identity turns into another, where a track's identity changes.", Min = 0, Max = 10000)]
    public int CrossFadeMs { get; init; } = 300;
}
