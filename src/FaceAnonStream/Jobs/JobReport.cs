using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Jobs;

/// <summary>
/// What was done to one recording: numbers, names and hashes, no pixels and no personal data but the paths that the user
/// gave. A host may write it to a file, where every property appears under its camelCase name.
/// </summary>
public sealed record JobReport
{
    public required MediaDescription Input { get; init; }

    public required OutputDescription Output { get; init; }

    /// <summary>The cover that was asked for; <see cref="Outcomes"/> says what was done.</summary>
    public required RedactionMethod Method { get; init; }

    public required FrameCounts Frames { get; init; }

    /// <summary>Every frame that was emitted, under exactly one outcome.</summary>
    public required OutcomeCounts Outcomes { get; init; }

    public required FaceCounts Faces { get; init; }

    /// <summary>How far tracking saw ahead at the nominal frame rate: less than was asked for where memory was short.</summary>
    public required int LookAheadMs { get; init; }

    public IReadOnlyList<TrackReport> Tracks { get; init; } = [];

    /// <summary>Why faces or frames were covered more heavily than asked for; see <see cref="FailureTally"/>.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    /// <summary>Streams of the input that the output lacks.</summary>
    public IReadOnlyList<StreamDrop> Dropped { get; init; } = [];

    public IReadOnlyList<ModelIdentity> Models { get; init; } = [];

    public required JobTiming Timing { get; init; }
}

/// <summary>The file that was made.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Format">ffmpeg's name of the container.</param>
/// <param name="SizeBytes">Size of the finished file.</param>
/// <param name="VideoCodec">ffmpeg's name of the encoder.</param>
public sealed record OutputDescription(string Path, string Format, long SizeBytes, string VideoCodec);

/// <summary>Frames in and out. They are equal, or the job failed.</summary>
/// <param name="Decoded">Frames that the decoder gave.</param>
/// <param name="Emitted">Frames that the encoder was given.</param>
public sealed record FrameCounts(long Decoded, long Emitted);

/// <summary>Frames by the heaviest thing done to them.</summary>
/// <param name="NoFace">Looked at, and no face known: unchanged.</param>
/// <param name="Synthetic">Every face replaced by a synthetic one.</param>
/// <param name="Mosaic">Every face covered, the heaviest cover a mosaic.</param>
/// <param name="Blur">Every face covered, the heaviest cover a blur.</param>
/// <param name="Solid">Every face covered, at least one in one colour.</param>
/// <param name="WholeFrame">The whole picture made one colour, because it could not be looked at or covered.</param>
public sealed record OutcomeCounts(long NoFace, long Synthetic, long Mosaic, long Blur, long Solid, long WholeFrame)
{
    /// <summary>All of them: the number of emitted frames.</summary>
    public long Total() => NoFace + Synthetic + Mosaic + Blur + Solid + WholeFrame;
}

/// <summary>Faces, counted once in every frame in which they were covered.</summary>
/// <param name="Covered">All of them: <paramref name="Observed"/> + <paramref name="Filled"/>.</param>
/// <param name="Observed">Seen by the detector in that frame.</param>
/// <param name="Filled">Known from the frames before and after.</param>
/// <param name="ByLevel">The same faces by how they were covered.</param>
/// <param name="Fallbacks">Those that were to be replaced by synthetic faces and got a heavier cover, by reason.</param>
public sealed record FaceCounts(long Covered, long Observed, long Filled, LevelCounts ByLevel, FallbackCounts Fallbacks);

/// <summary>Faces by cover.</summary>
/// <param name="Synthetic">Replaced by a synthetic face.</param>
/// <param name="Mosaic">Under a mosaic.</param>
/// <param name="Blur">Under a blur.</param>
/// <param name="Solid">Under one colour.</param>
/// <param name="WholeFrame">In a frame that became solid as a whole.</param>
public sealed record LevelCounts(long Synthetic, long Mosaic, long Blur, long Solid, long WholeFrame);

/// <summary>Faces that were to be replaced by synthetic ones and got a heavier cover; see <see cref="FallbackReason"/>.</summary>
/// <param name="TooSmall">Too small to be drawn.</param>
/// <param name="Unconfirmed">Seen too briefly or too weakly to be sure of a face.</param>
/// <param name="UnusableLandmarks">Their landmarks could not be trusted.</param>
/// <param name="ExtremePose">Turned too far away.</param>
/// <param name="Uncovered">The synthetic face did not cover all features.</param>
/// <param name="ModelFailure">A model failed.</param>
public sealed record FallbackCounts(
    long TooSmall, long Unconfirmed, long UnusableLandmarks, long ExtremePose, long Uncovered, long ModelFailure)
{
    /// <summary>All of them.</summary>
    public long Total() => TooSmall + Unconfirmed + UnusableLandmarks + ExtremePose + Uncovered + ModelFailure;
}

/// <summary>One person's way through the recording.</summary>
/// <param name="Id">From 1.</param>
/// <param name="FirstPts">First covered frame, in ticks of the input's time base.</param>
/// <param name="LastPts">Last covered frame, likewise.</param>
/// <param name="FirstSeconds">The same in seconds.</param>
/// <param name="LastSeconds">The same in seconds.</param>
/// <param name="Observed">Covered frames in which the detector saw the face.</param>
/// <param name="Filled">Covered frames in which it did not.</param>
public sealed record TrackReport(
    int Id, long FirstPts, long LastPts, double FirstSeconds, double LastSeconds, int Observed, int Filled)
{
    /// <param name="track">What the tracker says.</param>
    /// <param name="timeBase">Seconds per tick.</param>
    public static TrackReport From(TrackSummary track, Rational timeBase)
    {
        ArgumentNullException.ThrowIfNull(track);
        return new TrackReport(
            track.Id,
            track.FirstPts,
            track.LastPts,
            Math.Round(track.FirstPts * timeBase.Value, 6),
            Math.Round(track.LastPts * timeBase.Value, 6),
            track.Observed,
            track.Filled);
    }
}

/// <summary>A stream of the input that the output lacks.</summary>
/// <param name="Stream">Its index in the input.</param>
/// <param name="Kind">ffmpeg's word: <c>audio</c>, <c>subtitle</c>, <c>data</c>, <c>attachment</c> or <c>video</c>.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record StreamDrop(int Stream, string Kind, string Reason);

/// <summary>When the job ran and how fast.</summary>
/// <param name="StartedAt">Start of the job.</param>
/// <param name="WallSeconds">From the start until the output lay under its final name.</param>
/// <param name="FramesPerSecond">Emitted frames per second of that time.</param>
public sealed record JobTiming(
    DateTimeOffset StartedAt,
    double WallSeconds,
    double FramesPerSecond);
