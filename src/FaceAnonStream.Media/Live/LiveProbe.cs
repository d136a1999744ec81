using System.Globalization;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Live;

/// <summary>Asks ffprobe what a live source gives.</summary>
public static class LiveProbe
{
    private const int MaxFramesPerSecond = 120;

    /// <summary>What claims more counts the ticks of a clock, not frames.</summary>
    private const int TickRate = 300;

    /// <summary>Enough for a key frame of 4K.</summary>
    private const int ProbeBytes = 5_000_000;

    /// <summary>Connects once and describes what comes.</summary>
    /// <param name="source">A live source.</param>
    /// <param name="live">Timeouts and transport.</param>
    /// <param name="media">Programs.</param>
    /// <param name="limit">How large its pictures may be.</param>
    /// <param name="time">Times the connection.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: it cannot be reached, refuses, does not answer
    /// in <see cref="LiveOptions.ConnectTimeoutMs"/>, gives no video or pictures that are too large; the message holds no secret.
    /// <see cref="FaultOrigin.Node"/>: ffprobe is missing.</exception>
    public static async Task<LiveInput> ProbeAsync(
        Endpoint source, LiveOptions live, MediaOptions media, PictureLimit limit, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(media);
        ArgumentNullException.ThrowIfNull(limit);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(live.ConnectTimeoutMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            var answer = await FfprobeCall.RunAsync(source.Shown, Arguments(source, live, limit), media, time, either.Token).ConfigureAwait(false);

            // Depending on the codec it fails then, or describes a stream without size.
            if (PictureLimit.WasExceeded(answer.ErrorLines))
            {
                throw new FaultException(FaultOrigin.Source, $"{source}: {limit.Reason}");
            }

            return answer.Failure is { } failure
                ? throw new FaultException(FaultOrigin.Source, $"{source}: {source.Reason(failure)}")
                : Describe(source, ProbeReader.Describe(source.Shown, 0, answer.Json), limit);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new FaultException(FaultOrigin.Source, $"{source}: no pictures within {live.ConnectTimeoutMs} ms (live.connectTimeoutMs)");
        }
    }

    /// <summary>ffmpeg's words without secrets, and without the address that stands in front of them anyway.</summary>
    internal static string Reason(this Endpoint source, string words) =>
        source.Scrub(words).Replace(source.Shown + ": ", "", StringComparison.Ordinal);

    private static IEnumerable<string> Arguments(Endpoint source, LiveOptions live, PictureLimit limit)
    {
        // Half of the time is left for the connection itself.
        var analyze = (live.ConnectTimeoutMs * 500L).ToString(CultureInfo.InvariantCulture);
        return
        [
            "-v", "error", "-analyzeduration", analyze, "-probesize", $"{ProbeBytes}", "-show_streams", "-show_format", "-of", "json",
            .. SourceArguments.For(source, live, limit),
        ];
    }

    private static LiveInput Describe(Endpoint source, MediaInput found, PictureLimit limit)
    {
        var video = found.Video;
        var color = video.Color with { Range = "tv" };
        var format = new FrameFormat(
            Even(video.Format.Width), Even(video.Format.Height), PixelFormat.FromName("yuv420p"), color.ToYuvColor(video.Format.Height));

        // A header may tell a size that no decoder has seen yet.
        if (!limit.Allows(format))
        {
            throw new FaultException(FaultOrigin.Source, $"{source}: {limit.Reason}");
        }

        return new LiveInput
        {
            Endpoint = source,
            Format = format,
            FrameRate = Sane(video.FrameRate),
            SampleAspectRatio = video.SampleAspectRatio,
            Color = color,
            Limit = limit,
            Description = found.Describe(),
        };
    }

    private static int Even(int side) => Math.Max(2, side & ~1);

    private static Rational Sane(Rational rate) => rate.Value switch
    {
        < 1 => new Rational(1, 1),
        > TickRate => new Rational(25, 1),
        > MaxFramesPerSecond => new Rational(MaxFramesPerSecond, 1),
        _ => rate,
    };
}
