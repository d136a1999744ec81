namespace FaceAnonStream.Telemetry;

/// <summary>The streams that metrics show: at most <see cref="Max"/>, one of each name.</summary>
internal static class LiveStreams
{
    /// <summary>Streams shown at most: what is shown of each must be stored for every moment.</summary>
    public const int Max = 256;

    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, StreamTelemetry> ByName = new(StringComparer.Ordinal);
    private static readonly HashSet<StreamTelemetry> Unlisted = [];

    public static IReadOnlyList<StreamTelemetry> All
    {
        get
        {
            lock (Lock)
            {
                return [.. ByName.Values];
            }
        }
    }

    /// <summary>Streams that are not shown, because there are too many.</summary>
    public static int UnlistedCount
    {
        get
        {
            lock (Lock)
            {
                return Unlisted.Count;
            }
        }
    }

    /// <summary>Whether a stream of this name is shown.</summary>
    public static bool Has(string name)
    {
        lock (Lock)
        {
            return ByName.ContainsKey(name);
        }
    }

    /// <summary>Shows a stream. One of the same name, which is about to end, gives way.</summary>
    public static void Add(StreamTelemetry stream)
    {
        lock (Lock)
        {
            if (ByName.Count < Max || ByName.ContainsKey(stream.Name))
            {
                ByName[stream.Name] = stream;
            }
            else
            {
                Unlisted.Add(stream);
            }
        }
    }

    public static void Remove(StreamTelemetry stream)
    {
        lock (Lock)
        {
            Unlisted.Remove(stream);
            if (ByName.TryGetValue(stream.Name, out var shown) && shown == stream)
            {
                ByName.Remove(stream.Name);
            }
        }
    }
}
