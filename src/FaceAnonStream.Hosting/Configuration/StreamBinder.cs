using System.Text.RegularExpressions;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Media.Live;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Reads the definition of one stream and notes everything that is wrong with it.</summary>
/// <param name="binder">Takes the problems.</param>
/// <param name="rules">What the definition may hold.</param>
/// <param name="globals">Settings of all streams.</param>
internal sealed partial class StreamBinder(ConfigBinder binder, IStreamRules rules, FaceAnonOptions globals)
{
    private const string NameMeaning = "1 to 64 of a-z, 0-9, - and _, the first a letter or a digit";

    private static readonly string[] Ends = ["source", "output"];

    /// <summary>What does not decide how the models are loaded that all streams share.</summary>
    private static readonly IReadOnlyList<SettingSection> Sections =
    [
        .. SettingCatalog.Sections
            .Select(section => section with { Settings = [.. section.Settings.Where(setting => !SharedSettings.IsShared(setting))] })
            .Where(section => section.Settings.Count > 0),
    ];

    private readonly IReadOnlyList<string> _misfits = LiveChecks.Check(globals);

    /// <param name="node">The definition.</param>
    /// <param name="place">How messages name it before its name is known, e.g. <c>streams[0]</c>.</param>
    /// <param name="name">Its name where it is not in the definition itself.</param>
    /// <returns>Null when something is wrong, which has been noted.</returns>
    public StreamConfiguration? Read(ConfigNode node, string place, string? name = null)
    {
        var before = binder.Errors.Count;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var values = new Dictionary<Setting, object>();
        var enabled = true;
        foreach (var (key, value) in binder.Entries(node, place, "a mapping with name, source and output", Keys(name)))
        {
            if (Sections.FirstOrDefault(section => section.Key == key) is { } section)
            {
                ReadSection(section, value, $"{place}.", values);
            }
            else if (key == "enabled")
            {
                enabled = ReadSwitch(value, $"{place}.{key}");
            }
            else if (binder.Text(value, $"{place}.{key}", key == "name" ? NameMeaning : "a text") is { } text)
            {
                texts[key] = text;
                lines[key] = value.Line;
            }
            else
            {
                lines[key] = value.Line;
            }
        }

        name ??= ReadName(texts, lines, node, place);
        var source = ReadEnd("source", texts, lines, node, place, rules.Source);
        var output = ReadEnd("output", texts, lines, node, place, rules.Sink);
        var options = SettingCatalog.With(globals, values);
        foreach (var misfit in LiveChecks.Check(options).Except(_misfits))
        {
            binder.Report(node.Line, $"{place}.{misfit}");
        }

        if (source is not null && source.Equals(output))
        {
            binder.Report(node.Line, $"{place}.output: the same as the source; allowed another address");
        }

        return binder.Errors.Count > before || name is null || source is null || output is null
            ? null
            : new StreamConfiguration { Name = name, Source = source, Output = output, Enabled = enabled, Options = options };
    }

    public static bool IsName(string text) => Name().IsMatch(text);

    private IReadOnlyList<string> Keys(string? name) =>
    [
        .. name is null ? ["name"] : Array.Empty<string>(),
        .. Ends,
        .. rules.CredentialKeys,
        "enabled",
        .. Sections.Select(section => section.Key),
    ];

    private void ReadSection(SettingSection section, ConfigNode node, string prefix, Dictionary<Setting, object> values)
    {
        foreach (var (setting, value) in binder.Settings(section, node, prefix))
        {
            if (rules.ClosedSettings.Contains(setting.Path))
            {
                binder.Report(node.Line, $"{prefix}{setting.Path}: not by API; allowed in the configuration file only");
            }

            values[setting] = value;
        }
    }

    private bool ReadSwitch(ConfigNode node, string path)
    {
        if (binder.IsPlain(node, path) && node is not ConfigScalar { IsQuoted: false, Text: "true" or "false" })
        {
            var got = node switch { ConfigScalar scalar => OneLine.Excerpt(scalar.Text), ConfigList => "a list", _ => "a mapping" };
            binder.Report(node.Line, $"{path}: {got}; allowed true, false");
        }

        return node is ConfigScalar { Text: "true" };
    }

    private string? ReadName(Dictionary<string, string> texts, Dictionary<string, long> lines, ConfigNode node, string place)
    {
        if (!texts.TryGetValue("name", out var name))
        {
            ReportMissing("name", lines, node, place, NameMeaning);
            return null;
        }

        if (IsName(name))
        {
            return name;
        }

        binder.Report(lines["name"], $"{place}.name: {OneLine.Excerpt(name)}; allowed {NameMeaning}");
        return null;
    }

    private Endpoint? ReadEnd(
        string end,
        Dictionary<string, string> texts,
        Dictionary<string, long> lines,
        ConfigNode node,
        string place,
        Func<string, string?, Endpoint> parse)
    {
        string? credentials = null;
        var hasCredentials = Try($"{end}Credentials", () => credentials = rules.Credentials(end, texts));
        if (!texts.TryGetValue(end, out var text))
        {
            ReportMissing(end, lines, node, place, "an address");
            return null;
        }

        Endpoint? endpoint = null;
        return Try(end, () => endpoint = parse(text, credentials)) && hasCredentials ? endpoint : null;

        bool Try(string key, Action read)
        {
            try
            {
                read();
                return true;
            }
            catch (FaultException fault) when (fault.Origin == FaultOrigin.Configuration)
            {
                var line = lines.FirstOrDefault(line => line.Key.StartsWith(key, StringComparison.Ordinal)).Value;
                binder.Report(line, $"{place}.{key}: {fault.Message}");
                return false;
            }
        }
    }

    /// <summary>A key that was there but held nothing has been noted already.</summary>
    private void ReportMissing(string key, Dictionary<string, long> lines, ConfigNode node, string place, string allowed)
    {
        if (!lines.ContainsKey(key) && node is ConfigMapping or ConfigScalar { IsNull: true })
        {
            binder.Report(node.Line, $"{place}.{key}: missing; allowed {allowed}");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
