using System.Globalization;
using System.Text.Json.Nodes;

namespace FaceAnonStream.Tests.Kit;

/// <summary>What ffprobe, an independent judge, says of a file.</summary>
public static class Ffprobe
{
    /// <summary>PTS of the first video stream's packets as seconds × 10⁶, in presentation order.</summary>
    public static async Task<IReadOnlyList<string>> VideoPtsAsync(string path)
    {
        var lines = await Command.RunAsync(
            "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts,pts_time", "-of", "csv=p=0", path);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(','))
                .Where(fields => fields.Length >= 2 && long.TryParse(fields[0], out _))
                .Select(fields => (Pts: long.Parse(fields[0], CultureInfo.InvariantCulture), Time: fields[1]))
                .OrderBy(packet => packet.Pts)
                .Select(packet => $"{packet.Pts} {packet.Time}"),
        ];
    }

    /// <summary>Timestamps, sizes and hashes of every packet of the audio streams.</summary>
    public static async Task<IReadOnlyList<string>> AudioPacketsAsync(string path)
    {
        var lines = await Command.RunAsync(
            "ffprobe", "-v", "error", "-select_streams", "a", "-show_data_hash", "MD5", "-show_entries", "packet=stream_index,pts_time,size,data_hash",
            "-of", "csv=p=0", path);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(',')).Order(StringComparer.Ordinal)];
    }

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
}
