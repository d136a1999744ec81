using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;

namespace FaceAnonStream.Tests.Alignment;

/// <summary>A face at one moment.</summary>
internal readonly record struct Pose(float X, float Y, float Size = 40, float YawDegrees = 0, float RollDegrees = 0);

/// <summary>A frame that left the stage.</summary>
internal sealed record Aligned(long Index, IReadOnlyList<TrackedFace> Tracked, IReadOnlyList<FaceAlignment> Faces)
{
    /// <summary>Landmarks of the only face, or none.</summary>
    public Vector2[] Points => Faces.ShouldHaveSingleItem().Points.ToArray();

    public FallbackReason? Fallback => Faces.ShouldHaveSingleItem().Fallback;
}

/// <summary>Feeds a stage with synthetic frames and reads what it emits.</summary>
internal sealed class AlignRig : IAsyncDisposable
{
    private readonly Link<AlignedFrame> _output = new(4096);
    private long _index;

    public AlignRig(FakeLandmarkNet net, AlignOptions? options = null, int maxWindowFrames = 200)
    {
        Net = net;
        Stage = new AlignStage(net, Shape, options ?? new AlignOptions(), maxWindowFrames);
    }

    public static FaceShape Shape { get; } = SceneClips.Gallery.Shape;

    private static Vector3[] Head { get; } = Shape.Neutral(new float[Shape.IdentityCount]);

    public FakeLandmarkNet Net { get; }

    public AlignStage Stage { get; }

    public FramePool Pool { get; } = new(Formats.Of(320, 240), 256);

    /// <summary>The mean face's landmarks; it is as high as <see cref="Pose.Size"/>.</summary>
    public static Vector2[] PointsOf(Pose pose)
    {
        var turn = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, float.DegreesToRadians(pose.RollDegrees))
            * Quaternion.CreateFromAxisAngle(Vector3.UnitY, -float.DegreesToRadians(pose.YawDegrees));
        return Array.ConvertAll(Head, point =>
        {
            var turned = Vector3.Transform(point, turn);
            return new Vector2(pose.X, pose.Y) + (pose.Size / 3.2f * new Vector2(turned.X, turned.Y));
        });
    }

    public static TrackedFace Face(Pose pose, int id = 1, bool isConfirmed = true) =>
        new(id, RectF.FromCenter(pose.X, pose.Y, 0.8f * pose.Size, pose.Size), Evidence.Observed, 0.9f, isConfirmed);

    public static LandmarkReading Reading(Pose pose, float noise = 0, Random? random = null) => new(
        Array.ConvertAll(PointsOf(pose), point => point + (noise * new Vector2(Gauss(random), Gauss(random)))), 0.9f);

    /// <summary>A net that reads the face of each frame as it is, with noise in pixels.</summary>
    public static FakeLandmarkNet NetFor(Func<long, Pose> motion, float noise = 0, Func<long, LandmarkReading?>? instead = null)
    {
        var random = new Random(1);
        return new FakeLandmarkNet(
            Shape.PointCount, (frame, _) => instead?.Invoke(frame.Index) ?? Reading(motion(frame.Index), noise, random));
    }

    /// <summary>Runs a whole stage on one face, a frame every 40 ms unless told otherwise; every frame in must come out, in
    /// order, and every lease be returned.</summary>
    public static async Task<IReadOnlyList<Aligned>> RunAsync(
        FakeLandmarkNet net, int frames, Func<long, Pose> motion, AlignOptions? options = null, Func<long, long>? pts = null, int maxWindowFrames = 200)
    {
        await using var rig = new AlignRig(net, options, maxWindowFrames);
        var aligned = new List<Aligned>();
        for (var i = 0; i < frames; i++)
        {
            aligned.AddRange(await rig.PushAsync(pts?.Invoke(i) ?? (i * 40), [Face(motion(i))]));
        }

        aligned.AddRange(await rig.FlushAsync());
        await rig.Stage.DisposeAsync();
        rig.Pool.LiveFrames.ShouldBe(0);
        aligned.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, frames).Select(i => (long)i));
        aligned.ShouldAllBe(frame => frame.Faces.Count == frame.Tracked.Count);
        return aligned;
    }

    public async Task<TrackedFrame> FrameAsync(long pts, TrackedFace[] faces, string? failure = null) =>
        new(await Pool.RentAsync(_index++, pts, new Rational(1, 1000), CancellationToken.None), faces, failure);

    public async Task<IReadOnlyList<Aligned>> PushAsync(long pts, TrackedFace[] faces, string? failure = null)
    {
        await Stage.ProcessAsync(await FrameAsync(pts, faces, failure), _output, CancellationToken.None);
        return await DrainAsync();
    }

    public async Task<IReadOnlyList<Aligned>> FlushAsync()
    {
        await Stage.FlushAsync(_output, CancellationToken.None);
        return await DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        Pool.Dispose();
    }

    private static float Gauss(Random? random) => random is null
        ? 0
        : (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));

    private async Task<IReadOnlyList<Aligned>> DrainAsync()
    {
        var aligned = new List<Aligned>();
        while (_output.Count > 0)
        {
            using var frame = await _output.ReceiveAsync(CancellationToken.None);
            aligned.Add(new Aligned(frame!.Tracked.Frame.Index, frame.Tracked.Faces, frame.Faces));
        }

        return aligned;
    }
}

internal static class PointAssertions
{
    /// <summary>Mean distance between landmarks of the same number.</summary>
    public static float DistanceTo(this Vector2[] points, Vector2[] others)
    {
        points.Length.ShouldBe(others.Length);
        return points.Zip(others, Vector2.Distance).Average();
    }

    /// <summary>Every frame's only face is drawn, and its landmarks are on average this near to where it is.</summary>
    public static void ShouldFollow(this IEnumerable<Aligned> frames, Func<long, Pose> motion, float allowed)
    {
        foreach (var frame in frames)
        {
            frame.Points.DistanceTo(AlignRig.PointsOf(motion(frame.Index))).ShouldBeLessThan(allowed, $"frame {frame.Index}");
        }
    }

    /// <summary>Root of the mean squared second difference over time: how much points tremble.</summary>
    public static double Jitter(this IReadOnlyList<Vector2[]> frames)
    {
        var squares = Enumerable.Range(1, frames.Count - 2).SelectMany(t => frames[t].Select((point, i) =>
            (double)(frames[t - 1][i] - (2 * point) + frames[t + 1][i]).LengthSquared()));
        return Math.Sqrt(squares.Average());
    }
}
