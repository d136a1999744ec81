using FaceAnonStream.Frames;

namespace FaceAnonStream.Cli.Scene;

/// <summary>What a scene is like. The same options give the same scene.</summary>
internal sealed record SceneOptions
{
    public const int MinSide = 64;
    public const int MaxSide = 4096;
    public const int MaxPeople = 12;
    public const double MaxSeconds = 3600;

    /// <summary>Pixels per row.</summary>
    public int Width { get; init; } = 1280;

    /// <summary>Rows.</summary>
    public int Height { get; init; } = 720;

    /// <summary>Frames per second.</summary>
    public Rational FrameRate { get; init; } = new(25, 1);

    public double DurationSeconds { get; init; } = 10;

    public int People { get; init; } = 4;

    /// <summary>Decides who is in the scene, how they move and where it is set.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Frames of the whole scene, at least 1.</summary>
    public long FrameCount => Math.Max(1, (long)Math.Round(DurationSeconds * FrameRate.Value));

    /// <summary>Seconds per tick: one frame takes one tick.</summary>
    public Rational TimeBase => new(FrameRate.Denominator, FrameRate.Numerator);
}
