using System.Reflection;
using FaceAnonStream.Configuration;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>A group of settings: a mapping in a configuration file.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Settings">In the order of their declaration.</param>
public sealed record SettingSection(string Key, string Description, IReadOnlyList<Setting> Settings);

/// <summary>Every setting there is, found once by reflection over <see cref="FaceAnonOptions"/>.</summary>
public static class SettingCatalog
{
    public static IReadOnlyList<SettingSection> Sections { get; } = SectionsOf(typeof(FaceAnonOptions));

    public static IReadOnlyList<Setting> All { get; } = [.. Sections.SelectMany(section => section.Settings)];

    /// <summary>The sections of a record whose properties have a <see cref="SettingAttribute"/>.</summary>
    public static IReadOnlyList<SettingSection> SectionsOf(Type record) =>
    [
        .. from section in record.GetProperties()
           let attribute = section.GetCustomAttribute<SettingAttribute>()
           where attribute is not null
           select new SettingSection(
               Setting.KeyOf(section.Name),
               attribute.Description,
               [.. from property in section.PropertyType.GetProperties()
                   where property.CanWrite
                   select new Setting(section, property)]),
    ];

    /// <exception cref="InvalidOperationException">There is no such path: a bug of the caller.</exception>
    public static Setting Find(string path) => All.Single(setting => setting.Path == path);

    /// <summary>A copy of <paramref name="options"/> in which some settings have new values.</summary>
    public static FaceAnonOptions With(FaceAnonOptions options, IReadOnlyDictionary<Setting, object> values)
    {
        var copy = new FaceAnonOptions();
        foreach (var setting in All)
        {
            setting.SetIn(copy, values.TryGetValue(setting, out var value) ? value : setting.ValueIn(options));
        }

        return copy;
    }
}
