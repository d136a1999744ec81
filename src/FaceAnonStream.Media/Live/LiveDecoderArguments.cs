using System.Globalization;
using FaceAnonStream.Live;

namespace FaceAnonStream.Media.Live;

/// <summary>The command line of the ffmpeg that decodes a live source: one connection in, raw pictures of one size out.</summary>
internal static class LiveDecoderArguments
{
    public static IEnumerable<string> For(LiveInput input, LiveOptions live)
    {
        List<string> arguments =
        [
            "-nostdin", "-hide_banner", "-v", "error",

            // Pictures leave the decoder when they are decoded. Without it frame threads hold one back each, 160 to 200 ms at
            // 25 frames/s on 4 cores; slices of a picture are still decoded side by side. It costs speed only where
            // pictures are one slice: 1080p H.264 then at 110 frames/s on one core, four times what a camera gives, for the
            // same CPU time.
            "-flags", "low_delay",

            // What is read to recognise the stream is decoded like the rest (nobuffer would throw it away, with the first key
            // frame in it), so it must be little; the rate is known from the probe.
            "-analyzeduration", "1000000", "-probesize", "1000000", "-fpsprobesize", "0",
        ];
        if (input.Endpoint.Kind == EndpointKind.Hls)
        {
            // A segment comes at once; its pictures are wanted one by one.
            arguments.Add("-re");
        }

        arguments.AddRange(SourceArguments.For(input.Endpoint, live, input.Limit));
        arguments.AddRange(
        [
            "-map", "0:v:0", "-vf", Filters(input), "-c:v", "rawvideo", "-pix_fmt", "yuv420p",

            // Every decoded picture once, at its own time: no frame is dropped, doubled or moved.
            "-fps_mode", "passthrough", "-enc_time_base", LiveClock.TimeBase.ToString(), "-map_metadata", "-1",

            // A pipe has no use for the index at the end, and it grows with every frame. Nothing is held back.
            "-write_index", "0", "-flush_packets", "1", "-f", "nut", "pipe:1",
        ]);
        return arguments;
    }

    /// <summary>
    /// Fits whatever comes into the picture that the stream began with, the rest black. ffmpeg sets these up anew when the
    /// source changes its size, shape or layout; all sizes are written out, so that the result stays the same.
    /// </summary>
    private static string Filters(LiveInput input)
    {
        var (width, height) = (input.Format.Width, input.Format.Height);
        var aspect = input.SampleAspectRatio;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"scale=w='round(iw*sar*{aspect.Denominator}/{aspect.Numerator}/2)*2':h=ih,"
            + $"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic:out_range=tv,"
            + $"format=yuv420p,pad={width}:{height}:-1:-1:color=black,setsar={aspect.Numerator}/{aspect.Denominator}");
    }
}
