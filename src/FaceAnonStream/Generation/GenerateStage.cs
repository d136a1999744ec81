using FaceAnonStream.Alignment;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Generation;

/// <summary>
/// Has a synthetic face drawn for every face that lies well. Several frames are on their way at a time, so that batches fill;
/// they leave in the order in which they came, none added, none lost.
/// <para>
/// A face that cannot be drawn gets a heavier cover, with the reason said. That never fails the job, however often it
/// happens: an unattended stream goes on with mosaics, which hide what the faces would have hidden, and recovers by itself
/// when the generator does. After <see cref="GenerateOptions.MaxConsecutiveFailures"/> failures in a row the generator is left
/// alone for <see cref="GenerateOptions.RecoverMs"/>, so that a hanging one does not cost every frame its timeout. What to be
/// alarmed by is counted: <see cref="Counts"/>.
/// </para>
/// </summary>
public sealed class GenerateStage : IStage<AlignedFrame, TrackedFrame>
{
    private readonly IFaceGenerator _generator;
    private readonly PrivacyLevel _privacy;
    private readonly FeatureCheck? _check;
    private readonly GenerateOptions _options;
    private readonly Action? _onFailure;
    private readonly TrackIdentities _identities;
    private readonly DrawingTrust _trust;
    private readonly Dictionary<int, IFacePainter> _painters = [];
    private readonly FrameClock _clock = new();
    private readonly Queue<FrameInFlight> _inFlight = [];
    private readonly FailureTally _failures = new();
    private CancellationTokenSource? _stop;
    private long _drawn;
    private long _failed;

    /// <param name="generator">Borrowed; it draws off the caller's thread.</param>
    /// <param name="policy">Decides who each track becomes; of this stream alone.</param>
    /// <param name="privacy">What the generator may be told of people.</param>
    /// <param name="topology">Index of each landmark in the 468-point topology.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="onFailure">Told of every face that a policy or the generator failed at.</param>
    public GenerateStage(
        IFaceGenerator generator,
        IIdentityPolicy policy,
        PrivacyLevel privacy,
        IReadOnlyList<int> topology,
        GenerateOptions options,
        Action? onFailure = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        _generator = generator;
        _privacy = privacy;
        // At the strong level the whole head is covered before the face is drawn.
        _check = privacy == PrivacyLevel.Natural ? new FeatureCheck(topology) : null;
        _options = options;
        _onFailure = onFailure;
        _identities = new TrackIdentities(policy, TimeSpan.FromMilliseconds(options.CrossFadeMs));
        _trust = new DrawingTrust(options);
    }

    /// <summary>What was drawn and what failed. To be read from the stage's own flow or after its end.</summary>
    public GenerationCounts Counts => new(_drawn, _failed, _trust.Pauses, _failures.ToList());

    public ValueTask OpenAsync(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        return ValueTask.CompletedTask;
    }

    public async ValueTask ProcessAsync(AlignedFrame item, Link<TrackedFrame> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(output);
        _inFlight.Enqueue(await BeginAsync(item, ct).ConfigureAwait(false));
        while (_inFlight.TryPeek(out var oldest) && (_inFlight.Count >= _options.FramesInFlight || oldest.IsDrawn))
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask FlushAsync(Link<TrackedFrame> output, CancellationToken ct)
    {
        while (_inFlight.Count > 0)
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is { } stop)
        {
            _stop = null;
            await stop.CancelAsync().ConfigureAwait(false);
            while (_inFlight.TryDequeue(out var frame))
            {
                await frame.DisposeAsync().ConfigureAwait(false);
            }

            stop.Dispose();
        }
    }

    /// <summary>Starts drawing every face of a frame.</summary>
    private async ValueTask<FrameInFlight> BeginAsync(AlignedFrame aligned, CancellationToken ct)
    {
        var tracked = aligned.Tracked;
        var frame = new FrameInFlight(tracked, _clock.Next(tracked.Frame, watched: true).Time);
        try
        {
            if (aligned.Faces.Count != tracked.Faces.Count)
            {
                throw new FaultException(
                    FaultOrigin.Defect, $"{aligned.Faces.Count} alignments came for {tracked.Faces.Count} faces");
            }

            // A frame that becomes one colour needs no faces.
            for (var i = 0; i < tracked.Faces.Count && tracked.Failure is null; i++)
            {
                frame.Faces.Add(await BeginAsync(frame, tracked.Faces[i], aligned.Faces[i], ct).ConfigureAwait(false));
            }

            foreach (var trackId in tracked.EndedTracks)
            {
                _identities.Release(trackId);
                _painters.Remove(trackId);
            }

            return frame;
        }
        catch
        {
            await frame.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<FaceInFlight> BeginAsync(
        FrameInFlight frame, TrackedFace face, FaceAlignment alignment, CancellationToken ct)
    {
        if (alignment.Fallback is { } fallback)
        {
            return FaceInFlight.Fallen(face, fallback);
        }

        if (!_trust.Allows(face.TrackId, frame.Time))
        {
            return FaceInFlight.Fallen(face, FallbackReason.ModelFailure);
        }

        var picture = frame.Tracked.Frame;
        try
        {
            var latent = await _identities.AtAsync(face.TrackId, frame.Time, picture, alignment.Points, ct).ConfigureAwait(false);
            if (!_painters.TryGetValue(face.TrackId, out var painter))
            {
                painter = _generator.Follow(_privacy);
                _painters.Add(face.TrackId, painter);
            }

            return new FaceInFlight(face, alignment.Points, painter.DrawAsync(picture, alignment.Points, latent, _stop!.Token));
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            return new FaceInFlight(face, default, Task.FromException<FaceDrawing>(exception));
        }
    }

    private async ValueTask EmitOldestAsync(Link<TrackedFrame> output, CancellationToken ct)
    {
        var frame = _inFlight.Peek();
        foreach (var face in frame.Faces)
        {
            frame.Drawings.Add(await FinishAsync(face, frame.Time, ct).ConfigureAwait(false));
        }

        foreach (var trackId in frame.Tracked.EndedTracks)
        {
            _trust.Forget(trackId);
        }

        await output.SendAsync(_inFlight.Dequeue().Tracked.WithDrawings(frame.Drawings), ct).ConfigureAwait(false);
    }

    private async ValueTask<FaceDrawing> FinishAsync(FaceInFlight face, TimeSpan time, CancellationToken ct)
    {
        FaceDrawing? drawing = null;
        string? failure = null;
        try
        {
            drawing = await face.Drawing.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // Whatever went wrong, the answer is the same: a heavier cover for this face.
            failure = exception.Message;
        }

        if (drawing?.Fallback is not null)
        {
            return drawing;
        }

        // An earlier frame may have failed since this one began.
        if (_trust.Allows(face.TrackId, time))
        {
            if (drawing is not null)
            {
                _trust.Succeed(face.TrackId);
                _drawn++;
                if (_check?.IsHidden(drawing, face.Points.Span, face.Box) ?? true)
                {
                    return drawing;
                }

                drawing.Dispose();
                return FaceDrawing.Fallen(FallbackReason.Uncovered);
            }

            _trust.Fail(face.TrackId, time);
            _failed++;
            _onFailure?.Invoke();
            _failures.Add(failure!);
        }

        drawing?.Dispose();
        return FaceDrawing.Fallen(FallbackReason.ModelFailure);
    }
}

/// <summary>What a stage has drawn.</summary>
/// <param name="Drawn">Faces that were drawn.</param>
/// <param name="Failed">Faces that a policy or a generator failed at; those left alone after a failure do not count.</param>
/// <param name="Pauses">How often the generator was left alone because everything failed.</param>
/// <param name="Failures">Why, and how often.</param>
public sealed record GenerationCounts(long Drawn, long Failed, int Pauses, IReadOnlyList<FailureCount> Failures);
