using System.Globalization;
using System.Text;

namespace FaceAnonStream.Hosting;

/// <summary>Makes text from files, paths and other programs safe to show on one line of a terminal.</summary>
public static class OneLine
{
    private const int ExcerptLength = 60;
    private const int HashDigits = 12;

    /// <summary>Control, format and separator characters, which could move the cursor or hide text, become '?'.</summary>
    public static string Clean(string text)
    {
        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text[i]))
            {
                (cleaned ??= new StringBuilder(text))[i] = '?';
            }
        }

        return cleaned?.ToString() ?? text;
    }

    /// <summary>The start of a value in an error message; <c>nothing</c> for an empty one.</summary>
    public static string Excerpt(string value)
    {
        if (value.Length == 0)
        {
            return "nothing";
        }

        var clean = Clean(value);
        return clean.Length <= ExcerptLength ? clean : $"{clean.AsSpan(0, ExcerptLength)}…";
    }

    /// <summary>The start of a hash: enough to compare by eye.</summary>
    public static string ShortHash(string hash) => hash[..Math.Min(HashDigits, hash.Length)];

    private static bool IsUnsafe(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator;
}
