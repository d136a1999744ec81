using FaceAnonStream.Configuration;

namespace FaceAnonStream.Detection;

/// <summary>How faces are looked for.</summary>
public sealed record DetectOptions
{
    [Setting("Long side, in pixels, that a frame is scaled down to before detection. Smaller is faster and misses small faces.", Min = 160, Max = 4096)]
    public int LongSidePx { get; init; } = 640;

    [Setting("Besides the whole frame, look at n times n overlapping tiles: finds tiny faces in 4K scenes, and costs n² + 1 times as much. 1 is the whole frame only.", Min = 1, Max = 8)]
    public int Tiles { get; init; } = 1;

    [Setting("Share of a tile that its neighbour repeats, so that no face falls between two.", Min = 0, Max = 0.5)]
    public double TileOverlap { get; init; } = 0.15;

    [Setting("Frames looked at together: one inference call on a GPU, side by side on a CPU.", Min = 1, Max = 64)]
    public int BatchSize { get; init; } = 4;

    [Setting("Lowest score of a detection that is covered. Lower covers more, false alarms included.", Min = 0.05, Max = 0.95)]
    public double MinScore { get; init; } = 0.3;

    [Setting("Two boxes that overlap by more than this (intersection over union) are one face.", Min = 0.1, Max = 0.9)]
    public double NmsIou { get; init; } = 0.4;

    [Setting("CPU threads for inference; 0 takes one per core, at most 8.", Min = 0, Max = 64)]
    public int Threads { get; init; }

    [Setting("Longest time, in milliseconds, that one inference call may take before its frames become solid.", Min = 100, Max = 600000)]
    public int TimeoutMs { get; init; } = 15000;

    [Setting("The job fails after this many inference calls in a row have failed.", Min = 1, Max = 1000)]
    public int MaxConsecutiveFailures { get; init; } = 3;
}
