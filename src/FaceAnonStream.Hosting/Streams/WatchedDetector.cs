using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// A detector that all streams share, and a verdict on it: broken is one that failed at every call, of whatever stream, for a
/// long time, such as after a GPU was lost. A time without calls says nothing, nor does one stream whose frames fail alone.
/// Thread-safe where the detector is.
/// </summary>
/// <param name="detector">Taken over.</param>
/// <param name="patience">How long every call must fail; as long without a call, it begins anew.</param>
/// <param name="time">Measures it.</param>
/// <param name="broken">Told the verdict, more than once.</param>
internal sealed class WatchedDetector(IFaceDetector detector, TimeSpan patience, TimeProvider time, Action<FaultException> broken) : IFaceDetector
{
    private readonly Lock _gate = new();
    private long? _failingSince;
    private long _failedAt;

    public ModelIdentity Model => detector.Model;

    public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct)
    {
        try
        {
            var faces = await detector.DetectAsync(frames, ct).ConfigureAwait(false);
            Succeeded();
            return faces;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (HasFailedLong())
            {
                broken(new FaultException(
                    FaultOrigin.Model,
                    FormattableString.Invariant($"the detector has failed at every call for {patience.TotalSeconds:0} s: {exception.Message}"),
                    exception));
            }

            throw;
        }
    }

    public void Dispose() => detector.Dispose();

    private void Succeeded()
    {
        lock (_gate)
        {
            _failingSince = null;
        }
    }

    private bool HasFailedLong()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_failingSince is null || time.GetElapsedTime(_failedAt, now) >= patience)
            {
                _failingSince = now;
            }

            _failedAt = now;
            return time.GetElapsedTime(_failingSince.Value, now) >= patience;
        }
    }
}
