using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FaceAnonStream.Models;

/// <summary>
/// Compares a JSON value with the type that it is meant for. The serializer itself would stop at the first difference.
/// </summary>
internal static class JsonShape
{
    private const int ExcerptLength = 40;

    /// <summary>Every unknown key, missing key and value of a wrong type, as <c>path: got; allowed</c>.</summary>
    public static IReadOnlyList<string> Check(JsonElement value, JsonTypeInfo type)
    {
        var problems = new List<string>();
        Check(value, type, "", problems);
        return problems;
    }

    /// <summary>The start of a value's JSON text.</summary>
    public static string Excerpt(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= ExcerptLength ? text : $"{text.AsSpan(0, ExcerptLength)}…";
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string path, List<string> problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckKeys(value, type, path, problems);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                CheckItems(value, type.Options.GetTypeInfo(type.ElementType!), path, problems);
                break;
            default:
                CheckValue(value, type, path, problems);
                break;
        }
    }

    private static void CheckKeys(JsonElement value, JsonTypeInfo type, string path, List<string> problems)
    {
        var keys = type.Properties.ToDictionary(property => property.Name);
        foreach (var member in value.EnumerateObject())
        {
            var memberPath = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!keys.Remove(member.Name, out var property))
            {
                problems.Add($"{memberPath}: unknown key; allowed {string.Join(", ", type.Properties.Select(known => known.Name))}");
            }
            else if (property.IsRequired || member.Value.ValueKind != JsonValueKind.Null)
            {
                Check(member.Value, type.Options.GetTypeInfo(property.PropertyType), memberPath, problems);
            }
        }

        problems.AddRange(keys.Values.Where(property => property.IsRequired)
            .Select(property => $"{(path.Length == 0 ? "" : path + ".")}{property.Name}: is missing"));
    }

    private static void CheckItems(JsonElement value, JsonTypeInfo type, string path, List<string> problems)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(item, type, $"{path}[{index++}]", problems);
        }
    }

    private static void CheckValue(JsonElement value, JsonTypeInfo type, string path, List<string> problems)
    {
        try
        {
            // The serializer reads null as an empty reference, which no value here may be.
            if (type.Kind == JsonTypeInfoKind.None && value.ValueKind != JsonValueKind.Null)
            {
                value.Deserialize(type);
                return;
            }
        }
        catch (JsonException)
        {
            // Reported below, with what is allowed.
        }

        problems.Add($"{path}: {Excerpt(value)}; allowed {Allowed(type)}");
    }

    private static string Allowed(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => "an object",
        JsonTypeInfoKind.Enumerable => "a list",
        _ when type.Type == typeof(string) => "a text",
        _ when type.Type == typeof(int) => "a whole number",
        _ when type.Type == typeof(Side) => "a size from 1 or a symbol",
        _ when type.Type == typeof(LatentPart) => "a name and a length from 1",
        _ => "a number",
    };
}
