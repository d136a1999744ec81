using FaceAnonStream.Alignment;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>What a stream is asked to do.</summary>
public sealed record StreamConfiguration
{
    /// <summary>Names it in logs, metrics and addresses: 1 to 64 of a-z, 0-9, - and _.</summary>
    public required string Name { get; init; }

    /// <summary>Where pictures come from, secrets included; never to be shown.</summary>
    public required Media.Live.Endpoint Source { get; init; }

    /// <summary>Where anonymised pictures go, secrets included; never to be shown.</summary>
    public required Media.Live.Endpoint Output { get; init; }

    /// <summary>Whether an output that is one file may replace an older one.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether it starts with the service.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Valid settings of this stream.</summary>
    public required FaceAnonOptions Options { get; init; }

    /// <summary>How landmarks are read; null where no faces are drawn.</summary>
    public AlignOptions? Align => Options.Redact.Method == RedactionMethod.Synthetic ? Options.Align : null;

    /// <summary>Memory for decoded frames, in bytes.</summary>
    public long FrameMemoryBytes => (long)Options.Media.FrameMemoryMb << 20;

    /// <summary>How far ahead it is asked to look for faces, in milliseconds.</summary>
    public int WantedLookAheadMs => Options.Track.LookAheadMs + (Align?.LookAheadMs ?? 0);
}
