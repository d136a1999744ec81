namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Guesses what a misspelt word was meant to be.</summary>
public static class Spelling
{
    private const int MaxEdits = 2;
    private const int MaxLength = 40;

    /// <summary><c> (did you mean detect?)</c>, or nothing when no allowed word is close.</summary>
    public static string Suggest(string word, IReadOnlyList<string> allowed)
    {
        if (word.Length > MaxLength)
        {
            return "";
        }

        var best = allowed.MinBy(candidate => Edits(word, candidate));
        return best is not null && Edits(word, best) <= Math.Min(MaxEdits, best.Length / 2) ? $" (did you mean {best}?)" : "";
    }

    /// <summary>Levenshtein distance, without regard to case.</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(substituted, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[^1];
    }
}
