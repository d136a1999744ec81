using YamlDotNet.Core;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// Binds the text of a YAML file to settings and notes everything that is wrong with it. The file holds sections, sections
/// hold settings, settings are scalars.
/// </summary>
public static class YamlReader
{
    private static readonly IReadOnlyList<string> Keys = [.. SettingCatalog.Sections.Select(section => section.Key)];

    /// <param name="file">The file's name for messages.</param>
    /// <param name="text">Its content; an empty one means the defaults.</param>
    /// <param name="defaults">What settings are where the file says nothing.</param>
    public static OptionsResult Read(string file, string text, FaceAnonOptions defaults)
    {
        var binder = new ConfigBinder(file);
        var values = new Dictionary<Setting, object>();
        ReadRoot(binder, text, root =>
        {
            foreach (var (key, node) in binder.Entries(root, path: null, "sections such as detect:", Keys))
            {
                foreach (var (setting, value) in binder.Settings(SettingCatalog.Sections.Single(section => section.Key == key), node))
                {
                    values[setting] = value;
                }
            }
        });
        return binder.Errors.Count > 0
            ? OptionsResult.Failed(binder.Errors)
            : OptionsResult.Success(SettingCatalog.With(defaults, values));
    }

    /// <summary>Has a file's one document read, and reports what is no YAML.</summary>
    internal static void ReadRoot(ConfigBinder binder, string text, Action<ConfigNode> read)
    {
        try
        {
            var tree = YamlTree.Read(text);
            if (tree.Root is { } root)
            {
                read(root);
            }

            if (tree.SecondDocument is { } line)
            {
                binder.Report(line, "a second document; allowed one document per file");
            }
        }
        catch (YamlException exception)
        {
            binder.Report(exception.Start.Line, $"not YAML: {OneLine.Clean(exception.Message)}");
        }
    }
}
