using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;

namespace FaceAnonStream.Tests.Generation;

/// <summary>A face to be drawn, as the generator was asked.</summary>
internal sealed record Asked(long Frame, int Track, float Latent, CancellationToken Token);

/// <summary>Draws faces of one value, the track's number, when and as the test says.</summary>
/// <param name="crops">Memory of the drawings.</param>
/// <param name="draw">Completes when the face is drawn; its failure is the generator's.</param>
internal sealed class ScriptedGenerator(CropPool crops, Func<Asked, Task> draw) : IFaceGenerator, IFacePainter
{
    public const int Size = 4;

    public List<Asked> Calls { get; } = [];

    public IReadOnlyList<ModelIdentity> Models { get; } = [new("scripted", "", "none")];

    /// <summary>Tracks that it was asked to follow.</summary>
    public int Followed { get; private set; }

    public IFacePainter Follow(PrivacyLevel privacy)
    {
        Followed++;
        return this;
    }

    public Task<FaceDrawing> DrawAsync(VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct)
    {
        var asked = new Asked(frame.Index, (int)points.Span[0].X, latent.Values.Span[0], ct);
        Calls.Add(asked);
        var drawn = draw(asked);
        return FinishAsync();

        async Task<FaceDrawing> FinishAsync()
        {
            await drawn;
            var memory = crops.Rent(4 * Size * Size);
            memory.Values.Span.Fill(asked.Track);
            return FaceDrawing.Of(default, Size, memory.Values[..(3 * Size * Size)], memory.Values[(3 * Size * Size)..], memory);
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>Gives every track its number as identity.</summary>
internal sealed class NumberPolicy(Func<int, IdentityLatent>? assign = null) : IIdentityPolicy
{
    public List<int> Assigned { get; } = [];

    public List<int> Released { get; } = [];

    public Dictionary<int, IdentityLatent> Refined { get; } = [];

    public ValueTask<IdentityLatent> AssignAsync(TrackEvidence track, CancellationToken ct)
    {
        Assigned.Add(track.TrackId);
        return ValueTask.FromResult(assign?.Invoke(track.TrackId) ?? new IdentityLatent(new float[] { track.TrackId }));
    }

    public IdentityLatent? Refine(int trackId) => Refined.GetValueOrDefault(trackId);

    public void Release(int trackId) => Released.Add(trackId);
}

/// <summary>What came out for one frame: per face the track that was drawn, or why none was.</summary>
internal sealed record Drawn(long Index, IReadOnlyList<object> Faces);

/// <summary>Feeds a stage with frames of one tick of 100 ms each, and finds every lease returned at the end.</summary>
internal sealed class GenerateRig : IAsyncDisposable
{
    public static readonly FaultException NoLuck = new(FaultOrigin.Model, "no luck");

    public GenerateRig(GenerateOptions? options = null, Func<Asked, Task>? draw = null, NumberPolicy? policy = null, PrivacyLevel privacy = PrivacyLevel.Strong)
    {
        Policy = policy ?? new NumberPolicy();
        Generator = new ScriptedGenerator(Crops, draw ?? (_ => Task.CompletedTask));
        Stage = new GenerateStage(Generator, Policy, privacy, [10, 152], options ?? new GenerateOptions(), () => Failures++);
    }

    /// <summary>How often the stage told of a failure.</summary>
    public int Failures { get; private set; }

    public FramePool Frames { get; } = new(Formats.Of(8, 8), 64);

    public CropPool Crops { get; } = new(4);

    public NumberPolicy Policy { get; }

    public ScriptedGenerator Generator { get; }

    public GenerateStage Stage { get; }

    public Link<TrackedFrame> Output { get; } = new(64);

    /// <summary>Runs the stage over whole frames by their tracks; a negative one lies badly.</summary>
    public async Task<IReadOnlyList<Drawn>> RunAsync(params int[][] tracks)
    {
        var input = new Link<AlignedFrame>(64);
        for (var i = 0; i < tracks.Length; i++)
        {
            await input.SendAsync(await FrameAsync(i, tracks[i]), CancellationToken.None);
        }

        input.Complete();
        await StageRunner.RunAsync(Stage, input, Output, CancellationToken.None);
        var drawn = await DrainAsync();
        drawn.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, tracks.Length).Select(i => (long)i));
        drawn.Select(frame => frame.Faces.Count).ShouldBe(tracks.Select(faces => faces.Length));
        return drawn;
    }

    public async Task<AlignedFrame> FrameAsync(int index, int[] tracks, int[]? ended = null, string? failure = null)
    {
        var frame = await Frames.RentAsync(index, index, new Rational(1, 10), CancellationToken.None);
        var faces = tracks.Select(track => new TrackedFace(Math.Abs(track), new RectF(0, 0, 8, 8), Evidence.Observed, 1, IsConfirmed: true));
        var alignments = tracks.Select(track => track < 0
            ? FaceAlignment.Fallen(FallbackReason.UnusableLandmarks)
            : FaceAlignment.Of(new Vector2[] { new(track, 0), new(track, 8) }));
        return new AlignedFrame(new TrackedFrame(frame, [.. faces], failure) { EndedTracks = ended ?? [] }, [.. alignments]);
    }

    /// <summary>What has left the stage so far.</summary>
    public async Task<IReadOnlyList<Drawn>> DrainAsync()
    {
        var drawn = new List<Drawn>();
        while (Output.Count > 0)
        {
            using var frame = (await Output.ReceiveAsync(CancellationToken.None))!;
            drawn.Add(new Drawn(frame.Frame.Index, [.. frame.Drawings.Select(Describe)]));
        }

        return drawn;
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        Output.Abandon();
        (Frames.LiveFrames, Crops.LiveCrops).ShouldBe((0, 0));
        Frames.Dispose();
    }

    private static object Describe(FaceDrawing drawing) =>
        drawing.Fallback is { } reason ? reason : (int)drawing.Mask.Span[0];
}
