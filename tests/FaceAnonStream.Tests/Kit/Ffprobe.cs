using System.Text.Json.Nodes;

namespace FaceAnonStream.Tests.Kit;

/// <summary>What ffprobe, an independent judge, says of a file.</summary>
public static class Ffprobe
{
    /// <summary>PTS, in ticks and in seconds, of the first video stream's packets in presentation order.</summary>
    public static async Task<IReadOnlyList<string>> VideoPtsAsync(string path) =>
    [
        .. (await PacketsAsync(path, "v:0", "pts,pts_time"))
            .OrderBy(packet => packet["pts"]!.GetValue<long>())
            .Select(packet => $"{packet["pts"]} {packet["pts_time"]}"),
    ];

    /// <summary>Times, sizes and hashes of every packet of the audio streams.</summary>
    public static async Task<IReadOnlyList<string>> AudioPacketsAsync(string path) =>
    [
        .. (await PacketsAsync(path, "a", "stream_index,pts_time,size,data_hash", "-show_data_hash", "MD5"))
            .Select(packet => $"{packet["stream_index"]} {packet["pts_time"]} {packet["size"]} {packet["data_hash"]}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The first video stream that is no cover picture, as ffprobe's JSON.</summary>
    public static async Task<JsonObject> VideoAsync(string path) =>
        (await StreamsAsync(path)).First(stream =>
            stream["codec_type"]!.GetValue<string>() == "video" && stream["disposition"]!["attached_pic"]!.GetValue<int>() == 0);

    public static async Task<IReadOnlyList<JsonObject>> StreamsAsync(string path)
    {
        var json = JsonNode.Parse(await Command.RunAsync("ffprobe", "-v", "error", "-show_streams", "-of", "json", path))!;
        return [.. json["streams"]!.AsArray().Select(stream => stream!.AsObject())];
    }

    public static async Task<JsonObject> FormatAsync(string path) =>
        JsonNode.Parse(await Command.RunAsync("ffprobe", "-v", "error", "-show_format", "-of", "json", path))!["format"]!.AsObject();

    private static async Task<IEnumerable<JsonObject>> PacketsAsync(string path, string streams, string entries, params string[] options)
    {
        var json = await Command.RunAsync(
            "ffprobe", ["-v", "error", "-select_streams", streams, .. options, "-show_entries", $"packet={entries}", "-of", "json", path]);
        return JsonNode.Parse(json)!["packets"]!.AsArray().Select(packet => packet!.AsObject());
    }
}
