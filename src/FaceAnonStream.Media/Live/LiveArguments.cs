using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Files;

namespace FaceAnonStream.Media.Live;

/// <summary>The command line of an encoding ffmpeg whose output is watched while it grows.</summary>
internal static class LiveArguments
{
    /// <summary>Seconds between two of the encoder's reports: how soon we hear that it has connected.</summary>
    private const string ReportPeriod = "0.25";

    /// <summary>For an output of full quality.</summary>
    public static IEnumerable<string> For(
        PictureStream pictures, MediaOptions media, LiveOptions live, TimeSpan? keyframeInterval, ITargetSession session)
    {
        var interval = TimeSpan.FromMilliseconds(live.KeyframeIntervalMs);
        if (keyframeInterval < interval)
        {
            interval = keyframeInterval.Value;
        }

        return Compose(pictures, PictureArguments.Filters(pictures, media.VideoCodec), media, interval, session);
    }

    /// <summary>For a small picture that costs little.</summary>
    public static IEnumerable<string> ForPreview(PictureStream pictures, TimeSpan keyframeInterval, int maxWidth, ITargetSession session)
    {
        var small = new MediaOptions { VideoCodec = "libx264", Preset = "ultrafast", Crf = 28 };
        var scale = string.Create(CultureInfo.InvariantCulture, $"scale=w='min({maxWidth},ceil(iw/2)*2)':h=-2:flags=fast_bilinear,format=yuv420p");
        var filters = PictureArguments.Filters(pictures, "");
        return Compose(pictures, filters.Length > 0 ? $"{scale},{filters}" : scale, small, keyframeInterval, session);
    }

    private static List<string> Compose(
        PictureStream pictures, string filters, MediaOptions media, TimeSpan keyframeInterval, ITargetSession session)
    {
        List<string> arguments =
        [
            .. PictureArguments.Input(ReportPeriod), "-map", "0:v:0", .. PictureArguments.Encoder(media),

            // Pictures that wait for later ones would arrive late.
            "-bf", "0",
        ];
        if (PictureArguments.IsX26x(media.VideoCodec))
        {
            arguments.AddRange(["-tune", "zerolatency"]);
        }

        // By time, and from the last one on: the rate may vary, and pause. The count is for encoders that cannot be told.
        var seconds = keyframeInterval.TotalSeconds;
        var rate = pictures.FrameRate.IsPositive ? pictures.FrameRate.Value : 30;
        arguments.AddRange(
        [
            "-g", Math.Max(1, Math.Ceiling(seconds * rate)).ToString(CultureInfo.InvariantCulture),
            "-force_key_frames", string.Create(CultureInfo.InvariantCulture, $"expr:if(isnan(prev_forced_t),1,gte(t-prev_forced_t,{seconds}))"),
        ]);
        if (filters.Length > 0)
        {
            arguments.AddRange(["-vf", filters]);
        }

        arguments.AddRange(PictureArguments.Timing(pictures));
        arguments.AddRange(PictureArguments.NoMetadata);
        arguments.AddRange(session.Arguments);
        return arguments;
    }
}
