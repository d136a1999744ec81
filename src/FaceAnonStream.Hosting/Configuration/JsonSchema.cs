using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Describes configuration files to editors (JSON Schema, draft 2020-12).</summary>
public static class JsonSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write()
    {
        var defaults = new FaceAnonOptions();
        var schema = Mapping("Settings of faceanon.", SettingCatalog.Sections.Select(section => (
            section.Key,
            Mapping(section.Description, section.Settings.Select(setting => (setting.Key, Describe(setting, defaults)))))));
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema.ToJsonString(Readable) + "\n";
    }

    /// <summary>A mapping may be left empty, which YAML reads as null.</summary>
    private static JsonObject Mapping(string description, IEnumerable<(string Key, JsonObject Schema)> properties) => new()
    {
        ["description"] = description,
        ["type"] = new JsonArray("object", "null"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(
            properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Schema))),
    };

    private static JsonObject Describe(Setting setting, FaceAnonOptions defaults)
    {
        var schema = new JsonObject { ["description"] = setting.Description };
        var value = setting.ValueIn(defaults);
        if (value is int whole)
        {
            schema["type"] = "integer";
            schema["minimum"] = (long)setting.Min;
            schema["maximum"] = (long)setting.Max;
            schema["default"] = whole;
        }
        else if (value is double number)
        {
            schema["type"] = "number";
            schema["minimum"] = setting.Min;
            schema["maximum"] = setting.Max;
            schema["default"] = number;
        }
        else if (setting.Choices.Count > 0)
        {
            schema["enum"] = new JsonArray([.. setting.Choices.Select(choice => JsonValue.Create(choice))]);
            schema["default"] = Setting.Text(value);
        }
        else
        {
            schema["type"] = "string";
            if (setting.Pattern.Length > 0)
            {
                schema["pattern"] = $"^(?:{setting.Pattern})$";
            }

            schema["default"] = (string)value;
        }

        return schema;
    }
}
