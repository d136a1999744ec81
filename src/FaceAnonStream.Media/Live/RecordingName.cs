using System.Globalization;
using System.Text.RegularExpressions;

namespace FaceAnonStream.Media.Live;

/// <summary>Names of recordings: when they begin (UTC), so that they sort by time.</summary>
internal static partial class RecordingName
{
    private const string Stamp = "yyyy-MM-dd'T'HH-mm-ss'Z'";
    private const string HiddenEnd = ".mkv.partial";

    /// <summary>The hidden names under which an encoder writes its recordings, as a pattern of ffmpeg's.</summary>
    /// <param name="begin">When the encoder begins.</param>
    /// <param name="seconds">Length of each recording.</param>
    public static string HiddenPattern(DateTimeOffset begin, int seconds) =>
        string.Create(CultureInfo.InvariantCulture, $".{Text(begin)}_{seconds}s_%06d{HiddenEnd}");

    /// <summary>Whether an encoder writes under this name.</summary>
    public static bool IsHidden(string name) => Hidden().Match(name) is { Success: true } match && Time(match) is not null;

    /// <summary>The hidden name of the recording after this one, which has a hidden name too.</summary>
    public static string Next(string hiddenName) =>
        Hidden().Replace(hiddenName, match =>
            string.Create(CultureInfo.InvariantCulture, $".{match.Groups["begin"]}_{match.Groups["seconds"]}s_{Number(match, "index") + 1:000000}{HiddenEnd}"));

    /// <summary>When the recording under this hidden name begins, as far as its name and its file tell; null when it is no
    /// such name.</summary>
    /// <param name="hiddenName">Of a recording that was not finished.</param>
    /// <param name="lastWrite">When it was last written to. The name goes by the clock of the encoder's start, which may have
    /// been set since.</param>
    public static DateTimeOffset? Begin(string hiddenName, DateTimeOffset lastWrite)
    {
        if (Hidden().Match(hiddenName) is not { Success: true } match || Time(match) is not { } begin)
        {
            return null;
        }

        var seconds = Number(match, "seconds");
        var named = begin + TimeSpan.FromSeconds(seconds * Number(match, "index"));
        var written = lastWrite - TimeSpan.FromSeconds(seconds);
        return written > named ? written : named;
    }

    /// <summary>The name of a recording that nobody writes to any more.</summary>
    /// <param name="begin">When it begins.</param>
    /// <param name="again">How many others have that name.</param>
    /// <param name="isComplete">Whether its end is there.</param>
    public static string Of(DateTimeOffset begin, int again, bool isComplete)
    {
        var number = again == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{again + 1}");
        return $"{Text(begin)}{number}{(isComplete ? "" : ".incomplete")}.mkv";
    }

    /// <summary>When a recording begins that <see cref="Of"/> has named; null for any other name.</summary>
    public static DateTimeOffset? Parse(string name) => Final().Match(name) is { Success: true } match ? Time(match) : null;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(Match match) =>
        DateTimeOffset.TryParseExact(
            match.Groups["begin"].ValueSpan, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\.(?<begin>[0-9TZ-]{20})_(?<seconds>[0-9]{1,5})s_(?<index>[0-9]{6,9})\.mkv\.partial\z")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"^(?<begin>[0-9TZ-]{20})(-[0-9]+)?(\.incomplete)?\.mkv\z")]
    private static partial Regex Final();
}
