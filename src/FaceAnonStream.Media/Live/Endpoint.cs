using FaceAnonStream.Faults;

namespace FaceAnonStream.Media.Live;

/// <summary>Kinds of live sources and sinks.</summary>
public enum EndpointKind
{
    Rtsp,
    Rtmp,
    Srt,

    /// <summary>As a source, an http(s) address of a playlist; as a sink, a local path that ends in .m3u8.</summary>
    Hls,

    /// <summary>MPEG-TS over UDP or TCP; as a source also over http(s).</summary>
    MpegTs,

    /// <summary>A sink only: a local folder (its name ends in /) that gets one file after the other.</summary>
    Segments,

    /// <summary>A sink only: one local file, as recordings are written.</summary>
    File,
}

/// <summary>
/// Where a live stream comes from or goes to. It may hold a user name, a password or a stream key, which only ffmpeg gets
/// to see: <see cref="ToString"/> shows none, and <see cref="Scrub"/> removes them from what ffmpeg says.
/// </summary>
public sealed class Endpoint : IEquatable<Endpoint>
{
    private const int LeastSecret = 3;

    private static readonly Dictionary<string, EndpointKind> SourceSchemes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["rtsp"] = EndpointKind.Rtsp,
        ["rtsps"] = EndpointKind.Rtsp,
        ["rtmp"] = EndpointKind.Rtmp,
        ["rtmps"] = EndpointKind.Rtmp,
        ["srt"] = EndpointKind.Srt,
        ["udp"] = EndpointKind.MpegTs,
        ["tcp"] = EndpointKind.MpegTs,
        ["http"] = EndpointKind.MpegTs,
        ["https"] = EndpointKind.MpegTs,
    };

    private readonly IReadOnlyList<string> _secrets;

    private Endpoint(EndpointKind kind, string address, string shown, IReadOnlyList<string> secrets)
    {
        Kind = kind;
        Address = address;
        Shown = shown;
        _secrets = secrets;
    }

    public EndpointKind Kind { get; }

    /// <summary>The address without user name and password, and without what is secret in its path: see <see cref="AddressTail"/>.</summary>
    public string Shown { get; }

    /// <summary>The whole address, or the local path. For a child's command line only.</summary>
    internal string Address { get; }

    /// <summary>The address's scheme in lower case; empty for a local path.</summary>
    internal string Scheme => IsAddress(Address) ? Address[..Address.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() : "";

    /// <summary>Whether a text is an address rather than a local path.</summary>
    public static bool IsAddress(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && Uri.CheckSchemeName(text[..scheme]);
    }

    /// <summary>Understands a source.</summary>
    /// <param name="text">Its address.</param>
    /// <param name="credentials"><c>user:password</c> where the address holds none; null for none.</param>
    /// <param name="values">What was put into the address from elsewhere: secret, but for the host; null for nothing.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: not an address of a kind that is read.
    /// The message holds no secret.</exception>
    public static Endpoint Source(string text, string? credentials = null, IReadOnlyList<string>? values = null)
    {
        var address = ParseAddress(text, SourceSchemes.Keys);
        var kind = SourceSchemes[address.Scheme];
        if (address.Scheme is "http" or "https" && address.AbsolutePath.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase))
        {
            kind = EndpointKind.Hls;
        }

        return FromAddress(kind, text, address, credentials, values);
    }

    /// <summary>Understands a sink.</summary>
    /// <param name="text">Its address or local path.</param>
    /// <param name="credentials">As for <see cref="Source"/>.</param>
    /// <param name="values">As for <see cref="Source"/>; a local path is shown with them.</param>
    /// <exception cref="FaultException">As for <see cref="Source"/>.</exception>
    public static Endpoint Sink(string text, string? credentials = null, IReadOnlyList<string>? values = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!IsAddress(text))
        {
            var kind = text.EndsWith('/') ? EndpointKind.Segments
                : text.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase) ? EndpointKind.Hls
                : EndpointKind.File;
            return new Endpoint(kind, text, text, []);
        }

        var address = ParseAddress(text, SourceSchemes.Keys.Where(scheme => scheme is not ("http" or "https")));
        return FromAddress(SourceSchemes[address.Scheme], text, address, credentials, values);
    }

    /// <summary>A text of ffmpeg's without this endpoint's secrets.</summary>
    public string Scrub(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scrubbed = text.Replace(Address, Shown, StringComparison.Ordinal);
        foreach (var secret in _secrets)
        {
            scrubbed = scrubbed.Replace(secret, AddressTail.Mask, StringComparison.Ordinal);
        }

        return scrubbed;
    }

    /// <summary>Whether both are the same place, reached with the same secrets.</summary>
    public bool Equals(Endpoint? other) => other is not null && Kind == other.Kind && Address == other.Address;

    public override bool Equals(object? obj) => Equals(obj as Endpoint);

    public override int GetHashCode() => Address.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Shown;

    private static Uri ParseAddress(string text, IEnumerable<string> schemes)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var allowed = string.Join(", ", schemes.Select(scheme => scheme + "://"));
        if (!IsAddress(text) || !Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            throw new FaultException(FaultOrigin.Configuration, $"not an address; allowed {allowed}");
        }

        // Only the scheme is shown: the rest may hold a password.
        if (!schemes.Contains(address.Scheme))
        {
            throw new FaultException(FaultOrigin.Configuration, $"{address.Scheme}://; allowed {allowed}");
        }

        if (text.Any(character => char.IsControl(character) || character == ' '))
        {
            throw new FaultException(FaultOrigin.Configuration, $"{address.Scheme}:// with blanks or control characters; allowed percent-encoded ones");
        }

        return address;
    }

    private static Endpoint FromAddress(EndpointKind kind, string text, Uri address, string? credentials, IReadOnlyList<string>? values)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.IndexOfAny(['/', '?', '#'], start);
        var tail = new AddressTail(end < 0 ? "" : text[end..], endsInKey: kind == EndpointKind.Rtmp, values ?? []);
        var userInfo = address.UserInfo;
        if (userInfo.Length == 0 && !string.IsNullOrEmpty(credentials))
        {
            userInfo = string.Join(':', credentials.Split(':', 2).Select(Uri.EscapeDataString));
            text = text.Insert(start, userInfo + "@");
        }

        var host = address.IsDefaultPort || address.Port < 0 ? address.Host : $"{address.Host}:{address.Port}";

        // Parsed for itself, so that it is shown as addresses are written, with no character that could hide another.
        var shown = new Uri($"{address.Scheme}://host{tail.Shown}");
        IEnumerable<string> secrets = [.. userInfo.Split(':', 2), .. tail.Secrets];
        return new Endpoint(
            kind,
            text,
            $"{address.Scheme}://{(userInfo.Length > 0 ? AddressTail.Mask + "@" : "")}{host}{shown.PathAndQuery}{shown.Fragment}",
            [.. secrets.Concat(secrets.Select(Uri.UnescapeDataString)).Where(secret => secret.Length >= LeastSecret).Distinct().OrderByDescending(secret => secret.Length)]);
    }
}
