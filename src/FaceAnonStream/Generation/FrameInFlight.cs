using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Generation;

/// <summary>A frame whose faces are being drawn. Owns the frame and what was drawn for it.</summary>
internal sealed class FrameInFlight(TrackedFrame tracked, TimeSpan time) : IAsyncDisposable
{
    public TrackedFrame Tracked => tracked;

    public TimeSpan Time => time;

    /// <summary>One for each face, in order; none for a frame that becomes one colour.</summary>
    public List<FaceInFlight> Faces { get; } = [];

    /// <summary>Those that are finished, from the first on.</summary>
    public List<FaceDrawing> Drawings { get; } = [];

    /// <summary>Whether every face is drawn, or has failed.</summary>
    public bool IsDrawn => Faces.TrueForAll(face => face.Drawing.IsCompleted);

    /// <summary>Waits for the generator, which has been told to stop, and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((Task)Task.WhenAll(Faces.Select(face => face.Drawing))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var face in Faces.Where(face => face.Drawing.IsCompletedSuccessfully))
        {
            (await face.Drawing.ConfigureAwait(false)).Dispose();
        }

        tracked.Dispose();
    }
}

/// <summary>A face that is being drawn.</summary>
/// <param name="Face">Where it was found.</param>
/// <param name="Points">Its landmarks in luma pixels; empty where it is not drawn.</param>
/// <param name="Drawing">What is drawn for it.</param>
internal readonly record struct FaceInFlight(TrackedFace Face, ReadOnlyMemory<Vector2> Points, Task<FaceDrawing> Drawing)
{
    public int TrackId => Face.TrackId;

    public RectF Box => Face.Box;

    public static FaceInFlight Fallen(TrackedFace face, FallbackReason reason) =>
        new(face, default, Task.FromResult(FaceDrawing.Fallen(reason)));
}
