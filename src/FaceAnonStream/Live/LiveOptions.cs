using FaceAnonStream.Configuration;

namespace FaceAnonStream.Live;

/// <summary>What the output carries while the source is away.</summary>
public enum SourceAwayPolicy
{
    /// <summary>Pictures of one colour.</summary>
    Slate,

    /// <summary>Nothing: the output is ended, and begun again when the source is back.</summary>
    End,
}

/// <summary>How RTSP carries pictures.</summary>
public enum RtspTransport
{
    /// <summary>Inside the connection: nothing is lost on the way.</summary>
    Tcp,

    /// <summary>In packets of their own: less delay where the network is bad, and gaps.</summary>
    Udp,
}

/// <summary>Who may be at the other end of an encrypted connection.</summary>
public enum TlsPeers
{
    /// <summary>Who shows a certificate for its name that this machine trusts.</summary>
    Trusted,

    /// <summary>Anybody: what is sent is encrypted, but whoever sits between can be the peer.</summary>
    Any,
}

/// <summary>What live streams need beside what recordings need.</summary>
public sealed record LiveOptions
{
    [Setting("Longest time, in milliseconds, from a frame's decoding to its encoding. When it cannot be kept, new frames are dropped whole. The look-aheads count.", Min = 100, Max = 60000)]
    public int MaxLatencyMs { get; init; } = 1000;

    [Setting("Longest time, in milliseconds, that a connection may take to be made.", Min = 500, Max = 120000)]
    public int ConnectTimeoutMs { get; init; } = 8000;

    [Setting("A source that gives no frame for this many milliseconds, or a sink that takes none, is connected anew.", Min = 500, Max = 600000)]
    public int StallMs { get; init; } = 3000;

    [Setting("First wait, in milliseconds, before a lost connection is made again. It doubles with every failure, and varies at random so that many streams do not knock together.", Min = 50, Max = 60000)]
    public int RetryMinMs { get; init; } = 250;

    [Setting("Longest such wait, in milliseconds.", Min = 50, Max = 600000)]
    public int RetryMaxMs { get; init; } = 2000;

    [Setting("What the output carries while the source is away: a slate of one colour, or nothing (the output ends, and begins again).")]
    public SourceAwayPolicy WhenAway { get; init; } = SourceAwayPolicy.Slate;

    [Setting("Colour of the slate as #rrggbb.", Pattern = "#[0-9a-fA-F]{6}", PatternMeaning = "a colour such as #202020")]
    public string SlateColor { get; init; } = "#202020";

    [Setting("How RTSP sources and sinks are spoken to.")]
    public RtspTransport RtspTransport { get; init; } = RtspTransport.Tcp;

    [Setting("Which peers are spoken to over HTTPS and RTMPS: those with a certificate that this machine trusts, or any. RTSPS, and the segments of HLS sources, take any.")]
    public TlsPeers TlsPeers { get; init; } = TlsPeers.Trusted;

    [Setting("Longest time, in milliseconds, between two pictures that a viewer can join at.", Min = 100, Max = 60000)]
    public int KeyframeIntervalMs { get; init; } = 2000;

    [Setting("Length, in milliseconds, of a segment of an HLS output. Shorter means less delay.", Min = 500, Max = 60000)]
    public int HlsSegmentMs { get; init; } = 1000;

    [Setting("Length, in seconds, of a file of a segmented recording.", Min = 1, Max = 86400)]
    public int RecordSegmentSeconds { get; init; } = 300;

    [Setting("Hours after which files of a segmented recording are deleted; 0 keeps them all.", Min = 0, Max = 87600)]
    public int RecordKeepHours { get; init; }
}
