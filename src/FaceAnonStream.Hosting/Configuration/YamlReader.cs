using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// Binds the text of a YAML file to settings and notes everything that is wrong with it. The file holds sections, sections
/// hold settings, settings are scalars; anchors, aliases and tags are refused because no setting needs them.
/// </summary>
public sealed class YamlReader
{
    private const string RootName = "the file";
    private const int MaxDepth = 16;

    private readonly string _file;
    private readonly GuardedParser _parser;
    private readonly List<string> _errors = [];
    private readonly Dictionary<Setting, object> _values = [];

    private YamlReader(string file, string text)
    {
        _file = file;
        _parser = new GuardedParser(text);
    }

    /// <param name="file">The file's name for messages.</param>
    /// <param name="text">Its content; an empty one means the defaults.</param>
    /// <param name="defaults">What settings are where the file says nothing.</param>
    public static OptionsResult Read(string file, string text, FaceAnonOptions defaults)
    {
        var reader = new YamlReader(file, text);
        try
        {
            reader.ReadStream();
        }
        catch (YamlException exception)
        {
            reader.Report(exception.Start, $"not YAML: {OneLine.Clean(exception.Message)}");
        }

        return reader._errors.Count > 0
            ? OptionsResult.Failed(reader._errors)
            : OptionsResult.Success(SettingCatalog.With(defaults, reader._values));
    }

    private void ReadStream()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<DocumentStart>(out _))
        {
            ReadRoot();
            _parser.Consume<DocumentEnd>();
        }

        if (_parser.Accept<DocumentStart>(out var second))
        {
            Report(second.Start, "a second document; allowed one document per file");
        }
    }

    private void ReadRoot()
    {
        if (!TryEnterMapping(RootName, "sections such as detect:"))
        {
            return;
        }

        var keys = SettingCatalog.Sections.Select(section => section.Key).ToList();
        foreach (var key in ReadKeys(section: null, keys))
        {
            var section = SettingCatalog.Sections.Single(section => section.Key == key.Value);
            if (TryEnterMapping(section.Key, $"settings such as {section.Settings[0].Key}"))
            {
                ReadSection(section);
            }
        }
    }

    private void ReadSection(SettingSection section)
    {
        var keys = section.Settings.Select(setting => setting.Key).ToList();
        foreach (var key in ReadKeys(section.Key, keys))
        {
            ReadSetting(section.Settings.Single(setting => setting.Key == key.Value));
        }
    }

    /// <summary>The known keys of a mapping, each with the parser at its value, which the caller must consume.</summary>
    private IEnumerable<Scalar> ReadKeys(string? section, IReadOnlyList<string> allowed)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.Accept<Scalar>(out var key))
            {
                Report(
                    _parser.Current!.Start,
                    $"{section ?? RootName}: a key that is not plain text; allowed {string.Join(", ", allowed)}");
                Skip();
                Skip();
                continue;
            }

            _parser.MoveNext();
            var excerpt = OneLine.Excerpt(key.Value);
            var path = section is null ? excerpt : $"{section}.{excerpt}";
            if (!IsPlainNode(key, path))
            {
                Skip();
            }
            else if (!allowed.Contains(key.Value))
            {
                var suggestion = Spelling.Suggest(key.Value, allowed);
                Report(key.Start, $"{path}: unknown key; allowed {string.Join(", ", allowed)}{suggestion}");
                Skip();
            }
            else if (!seen.TryAdd(key.Value, key.Start.Line))
            {
                Report(key.Start, $"{path}: given twice; allowed once (first on line {seen[key.Value]})");
                Skip();
            }
            else
            {
                yield return key;
            }
        }
    }

    private void ReadSetting(Setting setting)
    {
        if (!_parser.TryConsume<Scalar>(out var scalar))
        {
            var node = _parser.Current!;
            if (IsPlainNode(node, setting.Path))
            {
                Report(node.Start, $"{setting.Path}: {setting.WrongType(node is SequenceStart ? "a list" : "a mapping")}");
            }

            Skip();
            return;
        }

        if (!IsPlainNode(scalar, setting.Path))
        {
            return;
        }

        var isString = setting.Type == typeof(string);
        if (IsNull(scalar))
        {
            // An unquoted colour is a comment to YAML: the likeliest way to write nothing without meaning it.
            var hint = isString ? " (quote an empty text or one that starts with #)" : "";
            Report(scalar.Start, $"{setting.Path}: {setting.WrongType("")}{hint}");
        }
        else if (!isString && !setting.Type.IsEnum && scalar.Style != ScalarStyle.Plain)
        {
            Report(scalar.Start, $"{setting.Path}: {setting.WrongType($"the text \"{scalar.Value}\"")}");
        }
        else if ((setting.Parse(scalar.Value, out var value) ?? setting.Check(value)) is { } error)
        {
            Report(scalar.Start, $"{setting.Path}: {error}");
        }
        else
        {
            _values[setting] = value;
        }
    }

    /// <summary>Enters a mapping; an absent one, such as a section whose every line is a comment, is passed over.</summary>
    private bool TryEnterMapping(string path, string allowed)
    {
        var node = _parser.Current ?? _parser.Consume<NodeEvent>();
        if (IsPlainNode(node, path))
        {
            if (_parser.TryConsume<MappingStart>(out _))
            {
                return true;
            }

            if (node is not Scalar scalar || !IsNull(scalar))
            {
                var got = node is Scalar { Value: var text } ? OneLine.Excerpt(text) : "a list";
                Report(node.Start, $"{path}: {got}; allowed {allowed}");
            }
        }

        Skip();
        return false;
    }

    private bool IsPlainNode(ParsingEvent node, string path)
    {
        var extra = node switch
        {
            AnchorAlias alias => $"the alias *{alias.Value}",
            NodeEvent { Anchor.IsEmpty: false } named => $"the anchor &{named.Anchor}",
            NodeEvent { Tag.IsEmpty: false } tagged => $"the tag {tagged.Tag}",
            _ => null,
        };
        if (extra is not null)
        {
            Report(node.Start, $"{path}: {OneLine.Excerpt(extra)}; allowed plain values without anchors, aliases and tags");
        }

        return extra is null;
    }

    /// <summary>Passes over a node. Its depth is limited: the parser takes quadratic time for a file full of brackets.</summary>
    private void Skip()
    {
        var depth = 0;
        do
        {
            depth += _parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                var where = _parser.Current;
                throw new YamlException(where.Start, where.End, "nested too deeply");
            }
        }
        while (_parser.MoveNext() && depth > 0);
    }

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    private void Report(Mark where, string message) => _errors.Add($"{_file}:{where.Line}: {message}");
}
