using System.Text.Json;

namespace FaceAnonStream.Telemetry;

/// <summary>Labels of metrics, made once: what is measured per frame must not allocate.</summary>
internal static class Label
{
    public const string StreamKey = "stream";

    /// <summary>A label whose values are an enum's members, in snake case.</summary>
    public static KeyValuePair<string, object?> Of<T>(string key, T value)
        where T : struct, Enum => new(key, JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    /// <summary>One list of labels for each member of an enum, at its value's place.</summary>
    public static KeyValuePair<string, object?>[][] ForEach<T>(string stream, string key)
        where T : struct, Enum =>
        Array.ConvertAll(Enum.GetValues<T>(), value => (KeyValuePair<string, object?>[])[new(StreamKey, stream), Of(key, value)]);
}
