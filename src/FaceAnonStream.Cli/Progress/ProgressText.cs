using System.Globalization;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Progress;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>E.g. <c> 37 %  180/480 frames  41.2 fps  eta 7 s  5 faces  2 tracks</c>; what is unknown is left out.</summary>
    /// <param name="progress">Where the job is.</param>
    /// <param name="framesPerSecond">Its speed; null while unknown.</param>
    public static string Line(JobProgress progress, double? framesPerSecond)
    {
        var share = Share(progress) is { } known ? Text($"{Math.Floor(known * 100),3:0} %  ") : "";
        return share + Details(progress, framesPerSecond);
    }

    /// <summary>The same without the percentage.</summary>
    public static string Details(JobProgress progress, double? framesPerSecond)
    {
        List<string> parts =
        [
            progress.TotalFrames is { } total
                ? Text($"{progress.FramesEmitted}/{total} frames")
                : Text($"{progress.FramesEmitted} frames"),
        ];
        if (framesPerSecond is { } speed)
        {
            parts.Add(Text($"{speed:0.0} fps"));
            if (progress.TotalFrames - progress.FramesEmitted is > 0 and var left && speed > 0)
            {
                parts.Add($"eta {Duration(left / speed)}");
            }
        }

        parts.Add(Count(progress.FacesCovered, "face"));
        parts.Add(Count(progress.LiveTracks, "track"));
        if (progress.WholeFrames > 0)
        {
            parts.Add(Text($"{progress.WholeFrames} FRAMES SOLID"));
        }

        return string.Join("  ", parts);
    }

    /// <summary>The share that is done, 0 to 1; null when the total is unknown. The total is an estimate.</summary>
    public static double? Share(JobProgress progress) => progress.TotalFrames is > 0 and var total
        ? Math.Min(1, (double)progress.FramesEmitted / total)
        : null;

    private static string Duration(double seconds)
    {
        // Beyond a hundred hours the estimate means nothing but "long".
        var whole = (long)Math.Min(Math.Ceiling(seconds), 359_999);
        return whole switch
        {
            < 60 => Text($"{whole} s"),
            < 3600 => Text($"{whole / 60}:{whole % 60:00} min"),
            _ => Text($"{whole / 3600}:{whole / 60 % 60:00} h"),
        };
    }

    private static string Count(long count, string thing) => Text($"{count} {thing}{(count == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
