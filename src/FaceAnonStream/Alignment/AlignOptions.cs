using FaceAnonStream.Configuration;

namespace FaceAnonStream.Alignment;

/// <summary>How landmarks are read and smoothed, and which faces get a synthetic face.</summary>
public sealed record AlignOptions
{
    [Setting("Faces whose box is smaller than this, in pixels along its longer side, get a mosaic.", Min = 8, Max = 1000)]
    public int MinFacePx { get; init; } = 14;

    [Setting("Faces turned further than this to a side, in degrees, get a mosaic.", Min = 0, Max = 90)]
    public double MaxYawDegrees { get; init; } = 50;

    [Setting("Lowest usability of landmarks, as the landmark net rates its own answer; below it a face gets a mosaic.", Min = 0, Max = 1)]
    public double MinUsability { get; init; } = 0.5;

    [Setting("A face is given a synthetic face only once landmarks of this usability were read of it, so that a pattern that looks like a face grows none.", Min = 0, Max = 1)]
    public double SureUsability { get; init; } = 0.85;

    [Setting("How far, in milliseconds, smoothing and bridging see ahead, beyond what tracking does. 0 adds no delay and smooths by the past only.", Min = 0, Max = 2000)]
    public int LookAheadMs { get; init; } = 300;

    [Setting("Full width at half maximum, in milliseconds, of the centred filter that smooths where a face is; it adds no lag.", Min = 0, Max = 2000)]
    public int MotionSmoothingMs { get; init; } = 160;

    [Setting("The same for the shape of a face: pose and expression.", Min = 0, Max = 2000)]
    public int SmoothingMs { get; init; } = 320;

    [Setting("A failure to read landmarks between two good readings that are at most this many milliseconds apart makes no mosaic.", Min = 0, Max = 2000)]
    public int BridgeMs { get; init; } = 200;

    [Setting("A face that got a mosaic is given a synthetic face again only for as many milliseconds of good readings, or more, so that it does not flicker.", Min = 0, Max = 10000)]
    public int RecoverMs { get; init; } = 200;

    [Setting("CPU threads for inference; 0 takes half of the cores, at most 8.", Min = 0, Max = 64)]
    public int Threads { get; init; }

    [Setting("Longest time, in milliseconds, that one inference call may take before its faces get a mosaic.", Min = 100, Max = 600000)]
    public int TimeoutMs { get; init; } = 15000;
}
