using FaceAnonStream.Configuration;
using FaceAnonStream.Hosting.Configuration;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceAnonStream.Service.Api;

/// <summary>Describes settings to callers as configuration files describe them, without those that callers may not set.</summary>
internal static class SettingSchemas
{
    private static readonly Dictionary<Type, SettingSection> Sections = typeof(FaceAnonOptions).GetProperties()
        .Select(property => (property.PropertyType, Section: SettingCatalog.Sections.FirstOrDefault(section => section.Key == Setting.KeyOf(property.Name))))
        .Where(pair => pair.Section is not null)
        .ToDictionary(pair => pair.PropertyType, pair => pair.Section!);

    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (Sections.TryGetValue(context.JsonTypeInfo.Type, out var section))
        {
            schema.Description = section.Description;
            foreach (var setting in section.Settings.Where(setting => !StreamJson.Allows(setting)))
            {
                schema.Properties?.Remove(setting.Key);
            }
        }

        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(SettingAttribute), inherit: false);
        if (attributes is [SettingAttribute attribute, ..])
        {
            schema.Description = attribute.Description;
            schema.Minimum = double.IsFinite(attribute.Min) ? FormattableString.Invariant($"{attribute.Min}") : null;
            schema.Maximum = double.IsFinite(attribute.Max) ? FormattableString.Invariant($"{attribute.Max}") : null;
            schema.Pattern = attribute.Pattern.Length > 0 ? $"^(?:{attribute.Pattern})$" : schema.Pattern;
        }

        return Task.CompletedTask;
    }
}
