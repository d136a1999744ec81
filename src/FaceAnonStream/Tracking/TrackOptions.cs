using FaceAnonStream.Configuration;

namespace FaceAnonStream.Tracking;

/// <summary>How detections become tracks, and what is covered beyond what was detected.</summary>
public sealed record TrackOptions
{
    [Setting("Detections from this score on are matched first; weaker ones keep tracks alive and are covered too.", Min = 0.1, Max = 0.99)]
    public double HighScore { get; init; } = 0.6;

    [Setting("How far, in milliseconds, tracking sees ahead of the frame it emits.", Min = 0, Max = 10000)]
    public int LookAheadMs { get; init; } = 2000;

    [Setting("A face is also covered for this many milliseconds before it was first seen; a third of it, if it was seen only once and weakly.", Min = 0, Max = 10000)]
    public int BackFillMs { get; init; } = 500;

    [Setting("A lost face stays covered for this many milliseconds, and keeps its track when it is found again; a third of it, if it was seen only once and weakly.", Min = 0, Max = 60000)]
    public int HoldMs { get; init; } = 1000;

    [Setting("How much a face's box grows per second while nothing is seen of it, as a share of its size; at most to three times its size.", Min = 0, Max = 5)]
    public double GrowthPerSecond { get; init; } = 0.6;

    [Setting("A track is given a synthetic face only after this many detections of at least highScore, so that a false alarm grows no face; until then it is covered by a mosaic. Look-ahead counts.", Min = 1, Max = 100)]
    public int ConfirmObservations { get; init; } = 4;

    [Setting("Full width at half maximum, in milliseconds, of the centred filter that smooths boxes; it adds no lag.", Min = 0, Max = 2000)]
    public int SmoothingMs { get; init; } = 160;
}
