namespace FaceAnonStream.Hosting.Configuration;

/// <summary>A part of a configuration text, as it was written.</summary>
/// <param name="Line">Where it starts, from 1; 0 where lines mean nothing.</param>
/// <param name="Extra">An anchor, an alias or a tag, in words; null for a plain value.</param>
internal abstract record ConfigNode(long Line, string? Extra);

/// <summary>A single value.</summary>
/// <param name="Text">Without quotes.</param>
/// <param name="IsQuoted">Whether it was written as a text.</param>
internal sealed record ConfigScalar(long Line, string? Extra, string Text, bool IsQuoted) : ConfigNode(Line, Extra)
{
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record ConfigList(long Line, string? Extra, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line, Extra);

/// <param name="Entries">In the order of the text, repeated keys included.</param>
internal sealed record ConfigMapping(long Line, string? Extra, IReadOnlyList<KeyValuePair<ConfigNode, ConfigNode>> Entries)
    : ConfigNode(Line, Extra);
