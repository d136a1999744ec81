using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon probe</c>: what a recording holds.</summary>
internal static class ProbeCommand
{
    public static Command Create(CommandContext context)
    {
        var input = new Argument<string>("INPUT") { Description = "A recording." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new NotedCommand(
            "probe",
            "Say what a recording holds.",
            """
            Example:
              faceanon probe street.mp4 --json
            """)
        {
            input,
            json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var media = await context.CreateEngine().ProbeAsync(parsed.GetRequiredValue(input), ct);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonSerializer.Serialize(media, CliJson.Readable.MediaDescription));
            }
            else
            {
                TextTable.Write(context.Out, Rows(media));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static List<string[]> Rows(MediaDescription media)
    {
        List<string[]> rows =
        [
            ["file", media.Path],
            ["format", media.Format],
            ["size", Text($"{media.SizeBytes} bytes")],
            ["duration", media.DurationSeconds is { } seconds ? Text($"{seconds:0.###} s") : "unknown"],
        ];
        if (media.Video is { } video)
        {
            rows.Add(["picture", Text($"{video.Width}x{video.Height} {video.PixelFormat}")]);
            var ratio = video.SampleAspectRatio;
            rows.Add(["aspect", ratio is { } known ? $"{known.Numerator}:{known.Denominator} per sample" : "unknown"]);
            rows.Add(["turned", Text($"{video.RotationDegrees} degrees counter-clockwise")]);
            rows.Add(["rate", video.FrameRate is { } rate ? Text($"{rate.Value:0.###} frames/s") : "unknown"]);
            rows.Add(["frames", video.FrameCount is { } count ? Text($"{count}") : "unknown"]);
            rows.Add(["time base", $"{video.TimeBase} s"]);
            rows.Add(["colour", $"{video.ColorMatrix ?? "?"} matrix, {video.ColorPrimaries ?? "?"} primaries, "
                + $"{video.ColorTransfer ?? "?"} transfer, {video.ColorRange ?? "?"} range"]);
        }

        rows.AddRange(media.Streams.Select(stream =>
            new[] { Text($"stream {stream.Index}"), $"{stream.Kind} {stream.Codec}" }));
        return rows;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
