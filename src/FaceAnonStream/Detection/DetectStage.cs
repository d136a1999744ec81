using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Detection;

/// <summary>
/// Looks for faces, a batch of frames at a time. A frame that could not be looked at goes on with its
/// <see cref="DetectedFrame.Failure"/> said, to become solid; when the detector keeps failing, the stage does.
/// </summary>
/// <param name="detector">Borrowed; it runs off the caller's thread.</param>
/// <param name="options">Batch size and tolerated failures.</param>
/// <param name="onFailure">Told of every call that fails.</param>
public sealed class DetectStage(IFaceDetector detector, DetectOptions options, Action? onFailure = null) : IStage<VideoFrame, DetectedFrame>
{
    private readonly List<VideoFrame> _batch = [];
    private int _failuresInARow;

    public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: too many calls in a row have failed.</exception>
    public async ValueTask ProcessAsync(VideoFrame item, Link<DetectedFrame> output, CancellationToken ct)
    {
        _batch.Add(item);
        if (_batch.Count >= options.BatchSize)
        {
            await DetectBatchAsync(output, ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="ProcessAsync"/>
    public async ValueTask FlushAsync(Link<DetectedFrame> output, CancellationToken ct)
    {
        if (_batch.Count > 0)
        {
            await DetectBatchAsync(output, ct).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        DisposeBatch();
        return ValueTask.CompletedTask;
    }

    private async ValueTask DetectBatchAsync(Link<DetectedFrame> output, CancellationToken ct)
    {
        try
        {
            var (faces, failure) = await LookAsync(ct).ConfigureAwait(false);
            for (var i = 0; _batch.Count > 0; i++)
            {
                var frame = _batch[0];
                _batch.RemoveAt(0);
                await output.SendAsync(new DetectedFrame(frame, faces?[i] ?? [], failure), ct).ConfigureAwait(false);
            }
        }
        catch
        {
            DisposeBatch();
            throw;
        }
    }

    /// <summary>One list of faces per frame of the batch, or why there is none.</summary>
    private async ValueTask<(IReadOnlyList<IReadOnlyList<FaceDetection>>? Faces, string? Failure)> LookAsync(CancellationToken ct)
    {
        try
        {
            var faces = await detector.DetectAsync(_batch, ct).ConfigureAwait(false);
            ThrowIfUnusable(faces);
            _failuresInARow = 0;
            return (faces, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failuresInARow++;
            onFailure?.Invoke();
            return _failuresInARow < options.MaxConsecutiveFailures
                ? (null, exception.Message)
                : throw new FaultException(
                    FaultOrigin.Model,
                    $"the detector failed {_failuresInARow} times in a row: {exception.Message}",
                    exception);
        }
    }

    private void ThrowIfUnusable(IReadOnlyList<IReadOnlyList<FaceDetection>> faces)
    {
        if (faces.Count != _batch.Count)
        {
            throw new FaultException(FaultOrigin.Model, $"the detector answered for {faces.Count} of {_batch.Count} frames");
        }

        foreach (var list in faces)
        {
            foreach (var face in list)
            {
                ThrowIfUnusable(face);
            }
        }
    }

    private static void ThrowIfUnusable(in FaceDetection face)
    {
        var isFinite = face.Box.IsFinite && float.IsFinite(face.Score);
        foreach (var point in face.Points)
        {
            isFinite = isFinite && float.IsFinite(point.X) && float.IsFinite(point.Y);
        }

        if (!isFinite)
        {
            throw new FaultException(FaultOrigin.Model, "the detector gave values that are not finite");
        }

        if (face.Box.Width <= 0 || face.Box.Height <= 0)
        {
            throw new FaultException(FaultOrigin.Model, "the detector gave an empty box");
        }
    }

    private void DisposeBatch()
    {
        foreach (var frame in _batch)
        {
            frame.Dispose();
        }

        _batch.Clear();
    }
}
