using FaceAnonStream.Live;

namespace FaceAnonStream.Telemetry;

/// <summary>How a stream is doing: numbers since its telemetry began, read one after the other while they change.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Sink">Its sink.</param>
/// <param name="Problem">Why an end is not up, in one line without secrets; null when nobody said, or both are.</param>
/// <param name="FramesIn">Frames read from the decoder, dropped ones included.</param>
/// <param name="FramesOut">Frames given to the encoder.</param>
/// <param name="FramesDropped">Frames left out for any reason.</param>
/// <param name="FacesCovered">Faces covered, counted once per frame.</param>
/// <param name="FacesFallen">Of these, faces that were to be replaced and got a heavier cover.</param>
/// <param name="WholeFrames">Frames that became one colour.</param>
/// <param name="LiveTracks">Faces being followed now.</param>
/// <param name="Reconnects">Connections made again, of either end.</param>
/// <param name="LatencyMs">Added latency of the newest frame, in milliseconds; 0 before the first.</param>
public record StreamNumbers(
    EndState Source,
    EndState Sink,
    string? Problem,
    long FramesIn,
    long FramesOut,
    long FramesDropped,
    long FacesCovered,
    long FacesFallen,
    long WholeFrames,
    int LiveTracks,
    long Reconnects,
    double LatencyMs);
