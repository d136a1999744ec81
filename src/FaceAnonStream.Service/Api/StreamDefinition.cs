using System.ComponentModel;
using FaceAnonStream.Alignment;
using FaceAnonStream.Identity;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Service.Api;

/// <summary>Describes to callers what a stream's definition holds. What they send is read with the same code as the
/// configuration file, which reports every problem.</summary>
internal sealed record StreamDefinition(
    [property: Description("Address of the source.")] string Source,
    [property: Description("Address of the output, or a path within the service's apiOutputFolder.")] string Output,
    [property: Description("1 to 64 of a-z, 0-9, - and _. Left out where a stream is replaced: the address holds it.")] string? Name = null,
    [property: Description("user:password of the source. Never shown again.")] string? SourceCredentials = null,
    [property: Description("user:password of the output. Never shown again.")] string? OutputCredentials = null,
    [property: Description("Whether it starts at once.")] bool Enabled = true,
    TrackOptions? Track = null,
    AlignOptions? Align = null,
    IdentityOptions? Identity = null,
    RedactOptions? Redact = null,
    MediaOptions? Media = null,
    LiveOptions? Live = null);
