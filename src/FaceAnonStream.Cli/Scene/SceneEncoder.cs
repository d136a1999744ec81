using System.Runtime.InteropServices;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Nut;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Cli.Scene;

/// <summary>
/// Writes a scene, picture and sound, as an MP4 file. It takes nothing but a scene, in which nobody is real: frames of
/// any other source leave this program through the anonymiser and an <see cref="Muxing.IVideoSink"/>.
/// </summary>
internal sealed class SceneEncoder(MediaOptions options, TimeProvider time)
{
    private static readonly uint PcmS16 = MemoryMarshal.Read<uint>([(byte)'P', (byte)'S', (byte)'D', 16]);

    /// <summary>Writes the whole scene. The file appears under its name when it is complete.</summary>
    /// <param name="script">The scene.</param>
    /// <param name="scene">Its frames, from the first on. Borrowed.</param>
    /// <param name="path">An MP4 file; an older one is replaced.</param>
    /// <param name="encoded">Told after every frame how many are done.</param>
    /// <param name="ct">Stops, and removes what was written.</param>
    /// <exception cref="FaultException">The scene cannot be painted, or the file cannot be written.</exception>
    public async Task EncodeAsync(SceneScript script, SceneSource scene, string path, Action<long> encoded, CancellationToken ct)
    {
        var temporaryPath = TemporaryFile.CreateBeside(path);
        try
        {
            await using var encoder = ChildProcess.Start(
                options.Ffmpeg, Arguments(scene.Format, script.Options, temporaryPath), TimeSpan.FromMilliseconds(options.StopGraceMs), time);
            var counted = EncoderProgress.ReadFrameCountAsync(encoder.Output);
            try
            {
                await using var pipe = encoder.OpenPictureInput();
                await WriteAsync(script.Options, scene, pipe, encoded, ct);
            }
            catch (IOException exception)
            {
                throw Failure(path, encoder.Reason(await encoder.ExitAsync(ct)), exception);
            }

            if (await encoder.ExitAsync(ct) is not 0 and var exitCode)
            {
                throw Failure(path, encoder.Reason(exitCode), null);
            }

            if (await counted.WaitAsync(ct) is var frames && frames != script.Options.FrameCount)
            {
                throw Failure(path, $"the encoder wrote {frames ?? 0} of {script.Options.FrameCount} frames", null);
            }

            TemporaryFile.Publish(temporaryPath, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    private static async Task WriteAsync(SceneOptions options, SceneSource scene, Stream pipe, Action<long> encoded, CancellationToken ct)
    {
        var muxer = new NutMuxer(
            pipe,
            [
                new NutStream(NutStreamClass.Video, NutFourCc.FromPixelFormat(scene.Format.PixelFormat), options.TimeBase)
                {
                    Width = options.Width,
                    Height = options.Height,
                    SampleAspectRatio = new Rational(1, 1),
                    FrameRate = options.FrameRate,
                },
                new NutStream(NutStreamClass.Audio, PcmS16, new Rational(1, Beeps.SampleRate))
                {
                    SampleRate = Beeps.SampleRate,
                    Channels = 1,
                },
            ],
            NutSyncpoints.AtStart);
        await muxer.WriteHeaderAsync(ct);
        while (await scene.ReadAsync(ct) is { } read)
        {
            using var frame = read;
            await muxer.WritePacketAsync(0, frame.Pts, true, frame.Memory, ct);
            var start = FirstSample(frame.Index, options.FrameRate);
            var sound = new short[FirstSample(frame.Index + 1, options.FrameRate) - start];
            Beeps.Fill(sound, start, options.FrameRate);
            await muxer.WritePacketAsync(1, start, true, MemoryMarshal.AsBytes(sound.AsSpan()).ToArray(), ct);
            encoded(frame.Index + 1);
        }

        await muxer.FinishAsync(ct);
    }

    private static long FirstSample(long frame, Rational frameRate) =>
        frame * Beeps.SampleRate * frameRate.Denominator / frameRate.Numerator;

    private static string[] Arguments(FrameFormat format, SceneOptions options, string path) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-y", "-progress", "pipe:1", "-stats_period", "60",
        "-fpsprobesize", "0", "-analyzeduration", "0", "-probesize", "32",
        "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0",
        "-map", "0:v", "-map", "0:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-c:a", "aac", "-b:a", "96k",
        "-vf", "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709", "-pix_fmt", format.PixelFormat.Name,
        "-fps_mode", "passthrough", "-enc_time_base:v", options.TimeBase.ToString(),
        "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", FileFormats.Url(path),
    ];

    private static FaultException Failure(string path, string reason, Exception? cause) =>
        new(FaultOrigin.Sink, $"{path}: encoding failed: {reason}", cause);
}
