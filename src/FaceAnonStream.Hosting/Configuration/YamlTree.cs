using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>The first document of a YAML text.</summary>
/// <param name="Root">Null for an empty one.</param>
/// <param name="SecondDocument">Line of a second document; null when there is none.</param>
internal sealed record YamlTree(ConfigNode? Root, long? SecondDocument)
{
    // Deeper than any file of settings. The parser takes quadratic time for a file full of brackets.
    private const int MaxDepth = 16;

    /// <exception cref="YamlException">It is no YAML.</exception>
    public static YamlTree Read(string text)
    {
        var parser = new GuardedParser(text);
        parser.Consume<StreamStart>();
        ConfigNode? root = null;
        if (parser.TryConsume<DocumentStart>(out _))
        {
            root = ReadNode(parser, depth: 0);
            parser.Consume<DocumentEnd>();
        }

        return new YamlTree(root, parser.Accept<DocumentStart>(out var second) ? second.Start.Line : null);
    }

    private static ConfigNode ReadNode(GuardedParser parser, int depth)
    {
        var start = parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw new YamlException(start.Start, start.End, "nested too deeply");
        }

        var line = start.Start.Line;
        var extra = Extra(start);
        switch (start)
        {
            case Scalar scalar:
                return new ConfigScalar(line, extra, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<ConfigNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(ReadNode(parser, depth + 1));
                }

                return new ConfigList(line, extra, items);
            case MappingStart:
                var entries = new List<KeyValuePair<ConfigNode, ConfigNode>>();
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    entries.Add(new(ReadNode(parser, depth + 1), ReadNode(parser, depth + 1)));
                }

                return new ConfigMapping(line, extra, entries);
            default:
                return new ConfigScalar(line, extra, "", IsQuoted: false);
        }
    }

    private static string? Extra(ParsingEvent node) => node switch
    {
        AnchorAlias alias => $"the alias *{alias.Value}",
        NodeEvent { Anchor.IsEmpty: false } named => $"the anchor &{named.Anchor}",
        NodeEvent { Tag.IsEmpty: false } tagged => $"the tag {tagged.Tag}",
        _ => null,
    };
}
