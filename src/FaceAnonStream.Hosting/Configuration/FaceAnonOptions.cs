using FaceAnonStream.Alignment;
using FaceAnonStream.Configuration;
using FaceAnonStream.Detection;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Every setting, section by section. A configuration file has the same shape.</summary>
public sealed record FaceAnonOptions
{
    [Setting("How faces are looked for.")]
    public DetectOptions Detect { get; init; } = new();

    [Setting("How detections become tracks, and what is covered beyond what was detected.")]
    public TrackOptions Track { get; init; } = new();

    [Setting("How landmarks are read and smoothed, and which faces can be given a synthetic face.")]
    public AlignOptions Align { get; init; } = new();

    [Setting("Who people become.")]
    public IdentityOptions Identity { get; init; } = new();

    [Setting("How synthetic faces are drawn.")]
    public GenerateOptions Generate { get; init; } = new();

    [Setting("How faces are covered.")]
    public RedactOptions Redact { get; init; } = new();

    [Setting("Decoding, encoding and what else the output holds.")]
    public MediaOptions Media { get; init; } = new();

    [Setting("Live streams: delay, lost connections, segments. Recordings ignore these.")]
    public LiveOptions Live { get; init; } = new();

    /// <summary>The defaults of live streams, which trade look-ahead for delay.</summary>
    public static FaceAnonOptions LiveDefaults { get; } = new()
    {
        Detect = new DetectOptions { BatchSize = 1, TimeoutMs = 2000 },
        Track = new TrackOptions { LookAheadMs = 400, BackFillMs = 400 },
        Align = new AlignOptions { LookAheadMs = 0, TimeoutMs = 1000 },
        Generate = new GenerateOptions { FramesInFlight = 1, TimeoutMs = 1000 },
        Media = new MediaOptions { Crf = 23, OnDecodeError = DecodeErrorPolicy.Conceal },
    };

    /// <summary>Every value that is not allowed, as <c>path: got; allowed</c>; empty when all are. Pure.</summary>
    /// <param name="nameOf">How a message names a setting; by default its path, e.g. <c>detect.batchSize</c>.</param>
    public IReadOnlyList<string> Validate(Func<Setting, string>? nameOf = null) =>
        [.. from setting in SettingCatalog.All
            let error = setting.Check(setting.ValueIn(this))
            where error is not null
            select $"{nameOf?.Invoke(setting) ?? setting.Path}: {error}"];
}
