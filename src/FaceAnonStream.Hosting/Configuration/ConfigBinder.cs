namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// Reads settings out of a configuration's nodes and notes everything that is wrong with them, with its line. Anchors,
/// aliases and tags are refused because no setting needs them.
/// </summary>
/// <param name="file">The file's name for messages.</param>
internal sealed class ConfigBinder(string file)
{
    private const string RootName = "the file";

    private readonly List<string> _errors = [];

    /// <summary>Every problem so far, in the order of the text.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Notes a problem.</summary>
    /// <param name="line">Where; 0 where lines mean nothing.</param>
    /// <param name="message"><c>path: got; allowed</c>.</param>
    public void Report(long line, string message) => _errors.Add(line > 0 ? $"{file}:{line}: {message}" : message);

    /// <summary>The known keys of a mapping with their values. An absent mapping, such as a section whose every line is a
    /// comment, has none.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="path">Its path; null for the whole file.</param>
    /// <param name="example">What is allowed, for messages.</param>
    /// <param name="allowed">Its keys.</param>
    public IEnumerable<(string Key, ConfigNode Value)> Entries(
        ConfigNode node, string? path, string example, IReadOnlyList<string> allowed)
    {
        if (!IsPlain(node, path ?? RootName))
        {
            return [];
        }

        if (node is ConfigMapping mapping)
        {
            return Entries(mapping, path, allowed);
        }

        if (node is not ConfigScalar { IsNull: true })
        {
            var got = node is ConfigScalar { Text: var text } ? OneLine.Excerpt(text) : "a list";
            Report(node.Line, $"{path ?? RootName}: {got}; allowed {example}");
        }

        return [];
    }

    /// <summary>Every setting of a section that the text gives and that is allowed.</summary>
    /// <param name="section">The section.</param>
    /// <param name="node">Its mapping.</param>
    /// <param name="prefix">What comes before the section in messages, e.g. <c>streams.door.</c>.</param>
    public IEnumerable<(Setting Setting, object Value)> Settings(SettingSection section, ConfigNode node, string prefix = "")
    {
        var keys = section.Settings.Select(setting => setting.Key).ToList();
        foreach (var (key, value) in Entries(node, prefix + section.Key, $"settings such as {keys[0]}", keys))
        {
            var setting = section.Settings.Single(setting => setting.Key == key);
            if (TryRead(setting, value, prefix + setting.Path, out var read))
            {
                yield return (setting, read);
            }
        }
    }

    /// <summary>A text that may be secret: no message shows it.</summary>
    /// <returns>Null when it is none.</returns>
    public string? Text(ConfigNode node, string path, string allowed)
    {
        if (!IsPlain(node, path))
        {
            return null;
        }

        if (node is ConfigScalar { IsNull: false, Text.Length: > 0 } scalar)
        {
            return scalar.Text;
        }

        var got = node switch { ConfigScalar => "nothing", ConfigList => "a list", _ => "a mapping" };
        Report(node.Line, $"{path}: {got}; allowed {allowed}");
        return null;
    }

    public bool IsPlain(ConfigNode node, string path)
    {
        if (node.Extra is not null)
        {
            Report(node.Line, $"{path}: {OneLine.Excerpt(node.Extra)}; allowed plain values without anchors, aliases and tags");
        }

        return node.Extra is null;
    }

    private IEnumerable<(string Key, ConfigNode Value)> Entries(ConfigMapping mapping, string? path, IReadOnlyList<string> allowed)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, value) in mapping.Entries)
        {
            if (name is not ConfigScalar { Text: var key })
            {
                Report(name.Line, $"{path ?? RootName}: a key that is not plain text; allowed {string.Join(", ", allowed)}");
                continue;
            }

            var excerpt = OneLine.Excerpt(key);
            var keyPath = path is null ? excerpt : $"{path}.{excerpt}";
            if (!IsPlain(name, keyPath))
            {
                continue;
            }

            if (!allowed.Contains(key))
            {
                var suggestion = Spelling.Suggest(key, allowed);
                Report(name.Line, $"{keyPath}: unknown key; allowed {string.Join(", ", allowed)}{suggestion}");
            }
            else if (!seen.TryAdd(key, name.Line))
            {
                var first = seen[key] > 0 ? $" (first on line {seen[key]})" : "";
                Report(name.Line, $"{keyPath}: given twice; allowed once{first}");
            }
            else
            {
                yield return (key, value);
            }
        }
    }

    private bool TryRead(Setting setting, ConfigNode node, string path, out object value)
    {
        value = "";
        if (!IsPlain(node, path))
        {
            return false;
        }

        var error = node switch
        {
            ConfigScalar scalar => Read(setting, scalar, out value),
            ConfigList => setting.WrongType("a list"),
            _ => setting.WrongType("a mapping"),
        };
        if (error is not null)
        {
            Report(node.Line, $"{path}: {error}");
        }

        return error is null;
    }

    private static string? Read(Setting setting, ConfigScalar scalar, out object value)
    {
        value = "";
        var isText = setting.Type == typeof(string);
        if (scalar.IsNull)
        {
            // An unquoted colour is a comment to YAML: the likeliest way to write nothing without meaning it.
            return setting.WrongType("") + (isText ? " (quote an empty text or one that starts with #)" : "");
        }

        if (!isText && !setting.Type.IsEnum && scalar.IsQuoted)
        {
            return setting.WrongType($"the text \"{scalar.Text}\"");
        }

        return setting.Parse(scalar.Text, out value) ?? setting.Check(value);
    }
}
