using FaceAnonStream.Detection;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Tracking;
using Shouldly;

namespace FaceAnonStream.Tests.Tracking;

/// <summary>What the detector said about one synthetic frame.</summary>
internal sealed record Shot(long Pts, FaceDetection[] Faces, string? Failure = null);

/// <summary>A frame that left the stage, without its pixels.</summary>
internal sealed record Emitted(long Index, long Pts, IReadOnlyList<TrackedFace> Faces, string? Failure, IReadOnlyList<int> Ended);

/// <summary>Feeds a stage with synthetic frames and reads what it emits.</summary>
internal sealed class TrackRig : IAsyncDisposable
{
    public static readonly Rational Milliseconds = new(1, 1000);

    private readonly Link<TrackedFrame> _output = new(4096);
    private long _index;

    public TrackRig(TrackOptions? options = null, int maxWindowFrames = 200)
    {
        Stage = new TrackStage(options ?? new TrackOptions(), maxWindowFrames);
    }

    public static FrameFormat Picture { get; } = new(320, 240, PixelFormat.FromName("yuv420p"), new YuvColor(YuvMatrix.Bt709, false));

    public TrackStage Stage { get; }

    public FramePool Pool { get; } = new(Picture, 256);

    public static FaceDetection Face(double centerX, double centerY, double size = 20, double score = 0.9) =>
        new(RectF.FromCenter((float)centerX, (float)centerY, (float)size, (float)size), (float)score);

    /// <summary>Runs whole stages; every frame in must come out, in order, and every lease be returned.</summary>
    public static async Task<(IReadOnlyList<Emitted> Frames, IReadOnlyList<TrackSummary> Tracks)> RunAsync(
        IEnumerable<Shot> shots, TrackOptions? options = null, int maxWindowFrames = 200)
    {
        var given = shots.ToList();
        await using var rig = new TrackRig(options, maxWindowFrames);
        var emitted = new List<Emitted>();
        foreach (var shot in given)
        {
            emitted.AddRange(await rig.PushAsync(shot));
        }

        emitted.AddRange(await rig.FlushAsync());
        await rig.Stage.DisposeAsync();
        rig.Pool.LiveFrames.ShouldBe(0);
        emitted.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, given.Count).Select(index => (long)index));
        emitted.Select(frame => frame.Pts).ShouldBe(given.Select(shot => shot.Pts));
        ShouldNotReturn(emitted);
        return (emitted, rig.Stage.Summaries);
    }

    public async Task<DetectedFrame> FrameAsync(Shot shot) =>
        new(await Pool.RentAsync(_index++, shot.Pts, Milliseconds, CancellationToken.None), shot.Faces, shot.Failure);

    public async Task<IReadOnlyList<Emitted>> PushAsync(Shot shot)
    {
        await Stage.ProcessAsync(await FrameAsync(shot), _output, CancellationToken.None);
        return await DrainAsync();
    }

    public async Task<IReadOnlyList<Emitted>> FlushAsync()
    {
        await Stage.FlushAsync(_output, CancellationToken.None);
        return await DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        Pool.Dispose();
    }

    /// <summary>A track that a frame calls ended is in that frame and in later ones no more, and is said to have ended once.</summary>
    private static void ShouldNotReturn(List<Emitted> emitted)
    {
        var ended = new HashSet<int>();
        foreach (var frame in emitted)
        {
            frame.Ended.ShouldAllBe(track => ended.Add(track));
            frame.Faces.ShouldAllBe(face => !ended.Contains(face.TrackId));
        }
    }

    private async Task<IReadOnlyList<Emitted>> DrainAsync()
    {
        var emitted = new List<Emitted>();
        while (_output.Count > 0)
        {
            using var frame = await _output.ReceiveAsync(CancellationToken.None);
            emitted.Add(new Emitted(frame!.Frame.Index, frame.Frame.Pts, frame.Faces, frame.Failure, frame.EndedTracks));
        }

        return emitted;
    }
}

internal static class BoxAssertions
{
    /// <summary>Whether every point of <paramref name="inner"/> is in <paramref name="outer"/>, to a thousandth of a pixel.</summary>
    public static bool Holds(this RectF outer, RectF inner) =>
        outer.X <= inner.X + 1e-3f && outer.Y <= inner.Y + 1e-3f
        && outer.Right >= inner.Right - 1e-3f && outer.Bottom >= inner.Bottom - 1e-3f;
}
