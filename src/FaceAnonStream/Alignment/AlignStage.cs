using System.Numerics;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Identity;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Alignment;

/// <summary>
/// Says how each face lies in each frame, so that a synthetic face can be drawn over it, or why it must get a mosaic.
/// Frames are held back until the newest is <see cref="AlignOptions.LookAheadMs"/> ahead of the oldest, so that landmarks
/// are smoothed without lag and short failures bridged.
/// <para>A face falls to the mosaic at once, and comes back only for <see cref="AlignOptions.RecoverMs"/> or longer. A net
/// that fails costs the faces of that call their synthetic face, and nothing else.</para>
/// <para>Frames leave in the order in which they came, none added, none lost. The faces of a frame with a failure, which
/// becomes solid, are not read.</para>
/// </summary>
public sealed class AlignStage : IStage<TrackedFrame, AlignedFrame>
{
    /// <summary>A face that gives no good reading for long is read in one of so many frames.</summary>
    private const int HopelessPeriod = 3;

    private readonly AlignOptions _options;
    private readonly LandmarkReader _reader;
    private readonly int _pointCount;
    private readonly TimeSpan _lookAhead;
    private readonly int _maxWindowFrames;
    private readonly FrameClock _clock = new();
    private readonly Queue<HeldFrame> _window = [];
    private readonly Dictionary<int, LandmarkTrack> _tracks = [];
    private TimeSpan _newest;
    private long _frames;

    /// <param name="net">Borrowed.</param>
    /// <param name="shape">A face in space, with the net's landmarks.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="maxWindowFrames">Frames held at most, at least 1, whatever the look-ahead: the frame pool's budget.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: net and shape have other landmarks.</exception>
    public AlignStage(ILandmarkNet net, FaceShape shape, AlignOptions options, int maxWindowFrames)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWindowFrames, 1);
        if (net.PointCount != shape.PointCount)
        {
            throw new FaultException(
                FaultOrigin.Model, $"{net.Model.Name} gives {net.PointCount} landmarks; the gallery's faces have {shape.PointCount}");
        }

        _options = options;
        _pointCount = net.PointCount;
        _lookAhead = TimeSpan.FromMilliseconds(options.LookAheadMs);
        _maxWindowFrames = maxWindowFrames;
        var head = shape.Neutral(new float[shape.IdentityCount]);
        var weights = new float[head.Length];
        weights.AsSpan().Fill(1);
        _reader = new LandmarkReader(net, new HeadPoseFit(head, weights), Frontal(head), options);
    }

    private bool SeesAhead => _lookAhead > TimeSpan.Zero && _maxWindowFrames > 1;

    public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public async ValueTask ProcessAsync(TrackedFrame item, Link<AlignedFrame> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        _newest = _clock.Next(item.Frame, watched: item.Failure is null).Time;
        var held = new HeldFrame(item, _newest, _frames++);
        // From here on the stage disposes it, whatever happens.
        _window.Enqueue(held);
        await LookAsync(held, ct).ConfigureAwait(false);
        while (_window.TryPeek(out var oldest)
            && (_window.Count >= _maxWindowFrames || _newest - oldest.At >= _lookAhead))
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask FlushAsync(Link<AlignedFrame> output, CancellationToken ct)
    {
        while (_window.Count > 0)
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        while (_window.TryDequeue(out var held))
        {
            held.Tracked.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The face as it looks from the front, with its mean at 0.</summary>
    private static Vector2[] Frontal(Vector3[] head)
    {
        var mean = Vector3.Zero;
        foreach (var point in head)
        {
            mean += point / head.Length;
        }

        return Array.ConvertAll(head, point => new Vector2(point.X - mean.X, point.Y - mean.Y));
    }

    private async ValueTask LookAsync(HeldFrame held, CancellationToken ct)
    {
        var faces = held.Tracked.Faces;
        float[] tilts = [.. faces.Select(face => _tracks.TryGetValue(face.TrackId, out var track) ? track.Tilt : 0)];
        FallbackReason?[] skip = [.. faces.Select(face => WhySkipped(held, face.TrackId))];
        var glances = await _reader.ReadAsync(held.Tracked, tilts, skip, ct).ConfigureAwait(false);
        for (var i = 0; i < glances.Length; i++)
        {
            if (!_tracks.TryGetValue(faces[i].TrackId, out var track))
            {
                track = new LandmarkTrack(_options, _pointCount, SeesAhead);
                _tracks.Add(faces[i].TrackId, track);
            }

            track.Add(held.Number, held.At, faces[i].Box, glances[i]);
        }
    }

    /// <summary>Hopeless faces are read in one of a few frames, each in its own.</summary>
    private FallbackReason? WhySkipped(HeldFrame held, int trackId) =>
        (held.Number + trackId) % HopelessPeriod != 0 && _tracks.TryGetValue(trackId, out var track) ? track.WhyHopeless(held.At) : null;

    private ValueTask EmitOldestAsync(Link<AlignedFrame> output, CancellationToken ct)
    {
        var held = _window.Peek();
        FaceAlignment[] faces = [.. held.Tracked.Faces.Select(face => _tracks[face.TrackId].At(held.Number))];
        foreach (var (id, track) in _tracks)
        {
            if (track.IsStale(held.At))
            {
                _tracks.Remove(id);
            }
            else
            {
                track.Forget(held.At);
            }
        }

        _window.Dequeue();
        return output.SendAsync(new AlignedFrame(held.Tracked, faces), ct);
    }

    private readonly record struct HeldFrame(TrackedFrame Tracked, TimeSpan At, long Number);
}
