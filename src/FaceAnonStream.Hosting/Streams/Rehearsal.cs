using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Jobs;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// Draws faces into an empty picture. A network's first call takes many times as long as later ones: here nobody waits for
/// it, whereas at the first face of a live stream it would make all frames behind that face late.
/// </summary>
internal static class Rehearsal
{
    private const int Side = 640;

    /// <summary>Heights of faces in luma pixels: close enough for each of a generator's graphs to get one.</summary>
    private static readonly float[] Heights = [40, 57, 80, 113, 160, 226, 320];

    /// <summary>Reads and draws faces of every size.</summary>
    /// <param name="create">Gives models, and the policy of a stream that nobody sees.</param>
    /// <param name="squares">How many faces to read at a time, so that every lane of the landmark net has its first call.</param>
    /// <returns>Whether all went well. What fails here fails at every face of a stream too, where there are counters and
    /// somebody to be told: nobody needs to hear of it twice.</returns>
    public static async Task<bool> TryAsync(Func<Synthesis> create, int squares)
    {
        var format = new FrameFormat(Side, Side, PixelFormat.FromName("yuv420p"), new YuvColor(YuvMatrix.Bt709, FullRange: false));
        using var pool = new FramePool(format, capacity: 1);
        using var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None).ConfigureAwait(false);
        frame.Memory.Span.Fill(128);
        try
        {
            await RunAsync(create(), squares, frame).ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static async Task RunAsync(Synthesis synthesis, int squares, VideoFrame frame)
    {
        var center = new Vector2(Side / 2f);
        FaceSquare[] lanes = [.. Enumerable.Repeat(new FaceSquare(center, Side / 2f, Angle: 0), squares)];
        await synthesis.Landmarks.ReadAsync(frame, lanes, CancellationToken.None).ConfigureAwait(false);

        var face = synthesis.Shape.Neutral(new float[synthesis.Shape.IdentityCount]);
        var faceHeight = face.Max(point => point.Y) - face.Min(point => point.Y);
        var latent = await synthesis.Identity.AssignAsync(new TrackEvidence(TrackId: 1), CancellationToken.None).ConfigureAwait(false);
        foreach (var height in Heights)
        {
            var points = Array.ConvertAll(face, point => center + (height / faceHeight * new Vector2(point.X, point.Y)));
            using var drawing = await synthesis.Generator.Follow(synthesis.Privacy)
                .DrawAsync(frame, points, latent, CancellationToken.None)
                .ConfigureAwait(false);
        }
    }
}
