using System.Text;
using System.Text.RegularExpressions;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// What stands behind the host of an address. Secret is everything behind <c>?</c> or <c>#</c>, the last part of an RTMP path,
/// what was put in from elsewhere, and what some cameras take in their path: <c>user=…_password=…_channel=1</c>.
/// </summary>
internal sealed partial class AddressTail
{
    /// <summary>Stands in the place of a secret.</summary>
    public const string Mask = "***";

    /// <param name="text">It begins with <c>/</c>, <c>?</c> or <c>#</c>, or is empty.</param>
    /// <param name="endsInKey">Whether the path's last part is the key that lets one publish, as by convention with RTMP.</param>
    /// <param name="values">What was put into the address; each may hold only a part of what is here, or more.</param>
    public AddressTail(string text, bool endsInKey, IEnumerable<string> values)
    {
        IReadOnlyList<Range> places =
        [
            .. values.SelectMany(value => value.Split(['/', '?', '#'], StringSplitOptions.RemoveEmptyEntries))
                .SelectMany(part => Places(new Regex(Regex.Escape(part)), text)),
            .. Places(NamedValue(), text),
            .. Places(Query(), text),
            endsInKey ? LastPart(text) : default,
        ];
        Shown = Hide(text, places);
        Secrets =
        [
            .. places.Select(place => text[place]),
            .. Query().Match(text).Value.Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]),
        ];
    }

    /// <summary>The text with its secrets masked.</summary>
    public string Shown { get; }

    /// <summary>Every secret, as it is written here; some hold others.</summary>
    public IReadOnlyList<string> Secrets { get; }

    private static IEnumerable<Range> Places(Regex secret, string text) =>
        secret.Matches(text).Select(match => match.Index..(match.Index + match.Length));

    private static Range LastPart(string text)
    {
        var end = text.IndexOfAny(['?', '#']);
        var path = text.AsSpan(0, end < 0 ? text.Length : end).TrimEnd('/');
        return (path.LastIndexOf('/') + 1)..path.Length;
    }

    private static string Hide(string text, IEnumerable<Range> places)
    {
        var isHidden = new bool[text.Length];
        foreach (var place in places)
        {
            isHidden.AsSpan(place).Fill(true);
        }

        var shown = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (!isHidden[i])
            {
                shown.Append(text[i]);
            }
            else if (i == 0 || !isHidden[i - 1])
            {
                shown.Append(Mask);
            }
        }

        return shown.ToString();
    }

    // An underscore ends a value only where another name follows: it may be part of a password.
    [GeneratedRegex("(?<=(?:password|passwd|pwd|pass|token|key|secret|user)=)(?:(?!_[a-z]+=)[^&/;?#])+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedValue();

    [GeneratedRegex("(?<=[?#]).+")]
    private static partial Regex Query();
}
