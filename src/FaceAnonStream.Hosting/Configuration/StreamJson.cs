using System.Text.Json;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Reads a stream's definition from JSON, as it comes by API: the same keys as in the file, but credentials as they
/// are, and nothing that reaches files, the environment, programs or more memory of this machine.</summary>
public static class StreamJson
{
    /// <param name="json">The definition.</param>
    /// <param name="name">Its name where the caller gives it; null when the definition holds it.</param>
    /// <param name="globals">Settings of all streams.</param>
    /// <param name="outputFolder">Folder that it may write into; empty for none.</param>
    public static StreamResult Read(JsonElement json, string? name, FaceAnonOptions globals, string outputFolder)
    {
        var binder = new ConfigBinder("");
        if (name is not null && !StreamBinder.IsName(name))
        {
            binder.Report(0, $"name: {OneLine.Excerpt(name)}; allowed 1 to 64 of a-z, 0-9, - and _");
        }

        ConfigNode node;
        try
        {
            node = Node(json);
        }
        catch (InvalidOperationException)
        {
            // Text is decoded when it is asked for: half of a surrogate pair, or what is no UTF-8, is found only here.
            return new StreamResult(null, ["stream: text that is not Unicode; allowed Unicode"]);
        }

        var stream = new StreamBinder(binder, new ApiStreamRules(outputFolder), globals).Read(node, "stream", name);
        return binder.Errors.Count > 0 ? new StreamResult(null, binder.Errors) : new StreamResult(stream, []);
    }

    /// <summary>Whether a definition may hold a setting.</summary>
    public static bool Allows(Setting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return !SharedSettings.IsShared(setting) && !ApiStreamRules.Closed.Contains(setting.Path);
    }

    private static ConfigNode Node(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new ConfigMapping(0, null, [.. json.EnumerateObject().Select(property =>
            KeyValuePair.Create<ConfigNode, ConfigNode>(new ConfigScalar(0, null, property.Name, IsQuoted: true), Node(property.Value)))]),
        JsonValueKind.Array => new ConfigList(0, null, [.. json.EnumerateArray().Select(Node)]),
        JsonValueKind.String => new ConfigScalar(0, null, json.GetString()!, IsQuoted: true),
        _ => new ConfigScalar(0, null, json.GetRawText(), IsQuoted: false),
    };
}
