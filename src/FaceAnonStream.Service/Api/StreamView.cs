using System.ComponentModel;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;

namespace FaceAnonStream.Service.Api;

/// <summary>A stream as callers see it: no secrets.</summary>
internal sealed record StreamView(
    string Name,
    [property: Description("What it is doing.")] StreamState State,
    [property: Description("Why it is not running well; null where there is nothing to say.")] string? Reason,
    [property: Description("Address of its source, without secrets.")] string Source,
    [property: Description("Address or path of its output, without secrets.")] string Output,
    [property: Description("Whether it starts with the service.")] bool Enabled,
    [property: Description("Who defined it: the configuration file, or a caller of the API. Those of callers are forgotten when the service ends, and give way to the file at a reload.")] StreamOrigin Origin,
    [property: Description("How often it failed and was started anew.")] long Restarts,
    [property: Description("Whether it has a preview.")] bool HasPreview,
    [property: Description("Its numbers since it was started; null before it runs.")] VitalsView? Vitals)
{
    public static StreamView Of(StreamStatus status) => new(
        status.Configuration.Name,
        status.State,
        status.Reason,
        status.Configuration.Source.Shown,
        status.Configuration.Output.Shown,
        status.Configuration.Enabled,
        status.Origin,
        status.Restarts,
        status.Preview is not null,
        status.Vitals is { } vitals ? VitalsView.Of(vitals) : null);
}

/// <summary>A stream's numbers.</summary>
internal sealed record VitalsView(
    EndState Source,
    EndState Sink,
    [property: Description("Frames read from the decoder, dropped ones included.")] long FramesIn,
    [property: Description("Frames given to the encoder.")] long FramesOut,
    [property: Description("Frames left out for any reason.")] long FramesDropped,
    [property: Description("Faces covered, counted once per frame.")] long FacesCovered,
    [property: Description("Faces that were to be replaced and got a heavier cover.")] long FacesFallen,
    [property: Description("Frames that became one colour.")] long WholeFrames,
    [property: Description("Faces being followed now.")] int LiveTracks,
    [property: Description("Connections made again, of either end.")] long Reconnects,
    [property: Description("Added latency of the newest frame, in milliseconds.")] double LatencyMs,
    int Width,
    int Height,
    [property: Description("How far ahead it looks for faces, in milliseconds: less than its settings ask for where media.frameMemoryMb is short. Null before its first picture.")] int? LookAheadMs)
{
    public static VitalsView Of(StreamVitals vitals) => new(
        vitals.Source,
        vitals.Sink,
        vitals.FramesIn,
        vitals.FramesOut,
        vitals.FramesDropped,
        vitals.FacesCovered,
        vitals.FacesFallen,
        vitals.WholeFrames,
        vitals.LiveTracks,
        vitals.Reconnects,
        double.IsFinite(vitals.LatencyMs) ? vitals.LatencyMs : 0,
        vitals.Width,
        vitals.Height,
        vitals.LookAheadMs);
}

/// <summary>Every stream at one moment.</summary>
internal sealed record Snapshot(
    [property: Description("The service's clock.")] DateTimeOffset At,
    [property: Description("Whether the service is ready.")] bool Ready,
    IReadOnlyList<StreamView> Streams);

/// <summary>Whether the service is ready, and what it waits for.</summary>
internal sealed record Readiness(bool Ready, IReadOnlyList<string> Reasons)
{
    /// <summary>Ready means: models are loaded, and no stream is before its first picture of its first attempt. A stream that
    /// is being tried again does not count: restarting the service would not help it.</summary>
    public static Readiness Of(StreamHost host)
    {
        if (!host.IsReady)
        {
            return new Readiness(false, ["models are being loaded"]);
        }

        string[] reasons = [.. host.Streams
            .Where(stream => stream is { State: StreamState.Starting, Restarts: 0 })
            .Select(stream => $"stream {stream.Configuration.Name} is starting")];
        return new Readiness(reasons.Length == 0, reasons);
    }
}
