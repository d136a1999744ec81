using System.Text;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Writes every setting with its default value, its meaning and what is allowed, as a configuration file.</summary>
public static class DefaultYaml
{
    private const int Columns = 100;

    /// <param name="defaults">The values to show.</param>
    public static string Write(FaceAnonOptions defaults)
    {
        var yaml = new StringBuilder("# yaml-language-server: $schema=./schema.json\n\n");
        Comment(yaml, "", "Every setting of faceanon with its default value. A file needs only what it changes: "
            + "what it leaves out keeps the value shown here.");
        foreach (var section in SettingCatalog.Sections)
        {
            yaml.Append('\n');
            Comment(yaml, "", section.Description);
            yaml.Append(section.Key).Append(":\n");
            foreach (var setting in section.Settings)
            {
                Comment(yaml, "  ", setting.Description);
                Comment(yaml, "  ", $"Allowed: {setting.Allowed}.");
                yaml.Append("  ").Append(setting.Key).Append(": ").Append(Scalar(setting, defaults)).Append("\n\n");
            }

            yaml.Length--;
        }

        return yaml.ToString();
    }

    private static string Scalar(Setting setting, FaceAnonOptions options)
    {
        var text = Setting.Text(setting.ValueIn(options));
        if (setting.Type != typeof(string))
        {
            return text;
        }

        var escaped = text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    private static void Comment(StringBuilder yaml, string indent, string text)
    {
        var line = $"{indent}#";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > Columns)
            {
                yaml.Append(line).Append('\n');
                line = $"{indent}#";
            }

            line += $" {word}";
        }

        yaml.Append(line).Append('\n');
    }
}
