using System.Threading.Channels;
using FaceAnonStream.Generation;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Gathers faces of many callers, frames and streams into batches. Each lane takes what waits, up to the batch's size, waits
/// a little for more, and draws it in one call; lanes work side by side.
/// <para>
/// A face whose caller gives up leaves the others alone. When a batch fails, each of its faces is tried once by itself, so
/// that one bad face does not take its neighbours with it; after a timeout it is not, because that would cost a timeout each.
/// </para>
/// </summary>
internal sealed class FaceBatcher : IDisposable
{
    private readonly BatchLimits _limits;
    private readonly CropPool _crops;
    private readonly int _outputLength;
    private readonly TimeProvider _time;
    private readonly Channel<Item> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <param name="lanes">At least one; taken over.</param>
    /// <param name="limits">Of one lane's batch.</param>
    /// <param name="crops">Memory for what is drawn.</param>
    /// <param name="outputLength">Numbers that a graph gives for a face.</param>
    /// <param name="time">Measures waiting.</param>
    public FaceBatcher(IReadOnlyList<IFaceLane> lanes, BatchLimits limits, CropPool crops, int outputLength, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lanes.Count, nameof(lanes));
        _limits = limits;
        _crops = crops;
        _outputLength = outputLength;
        _time = time;

        // Enough that every lane finds its next batch waiting.
        _queue = Channel.CreateBounded<Item>(2 * limits.MaxFaces * lanes.Count);
        _work = Task.WhenAll(lanes.Select(lane => Task.Run(() => WorkAsync(lane))));
    }

    /// <summary>Completes when every lane has ended and is disposed.</summary>
    public Task Ended => _work;

    /// <summary>Draws one face; the caller disposes the result.</summary>
    /// <param name="input">The face's tensors, one after the other. Taken over, even when it throws.</param>
    /// <param name="ct">Gives up at once.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: this face could not be drawn.</exception>
    /// <exception cref="ObjectDisposedException">The batcher was disposed before it was drawn.</exception>
    public async Task<CropMemory> DrawAsync(CropMemory input, CancellationToken ct)
    {
        var item = new Item(input);
        try
        {
            await _queue.Writer.WriteAsync(item, ct).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            input.Dispose();
            throw exception is ChannelClosedException ? new ObjectDisposedException(nameof(FaceBatcher)) : exception;
        }

        await using (ct.UnsafeRegister((state, token) => ((Item)state!).Done.TrySetCanceled(token), item).ConfigureAwait(false))
        {
            return await item.Done.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Stops the lanes; whoever waits is told.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _stop.Cancel();
    }

    private async Task WorkAsync(IFaceLane lane)
    {
        using (lane)
        {
            var batch = new List<Item>(_limits.MaxFaces);
            while (await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                try
                {
                    await GatherAsync(batch).ConfigureAwait(false);
                    await DrawAsync(lane, batch).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    // Whatever it was: were the lane to end, the faces of every stream would wait for it for ever.
                    batch.ForEach(item => item.Done.TrySetException(exception));
                }

                batch.ForEach(item => item.Input.Dispose());
                batch.Clear();
            }
        }
    }

    /// <summary>Takes what waits, and what comes within the longest wait.</summary>
    private async Task GatherAsync(List<Item> batch)
    {
        Take(batch);
        if (batch.Count == 0 || batch.Count >= _limits.MaxFaces || _limits.MaxWait == TimeSpan.Zero)
        {
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var waited = Task.Delay(_limits.MaxWait, _time, enough.Token);
        while (batch.Count < _limits.MaxFaces)
        {
            var more = _queue.Reader.WaitToReadAsync(enough.Token).AsTask();
            if (await Task.WhenAny(more, waited).ConfigureAwait(false) == waited || !more.IsCompletedSuccessfully || !more.Result)
            {
                break;
            }

            Take(batch);
        }

        await enough.CancelAsync().ConfigureAwait(false);
    }

    private void Take(List<Item> batch)
    {
        while (batch.Count < _limits.MaxFaces && _queue.Reader.TryRead(out var item))
        {
            batch.Add(item);
        }
    }

    /// <summary>Draws a batch, together or one by one. Every item is done afterwards.</summary>
    private async Task DrawAsync(IFaceLane lane, List<Item> batch)
    {
        var wanted = batch.FindAll(item => !item.Done.Task.IsCompleted);
        if (wanted.Count == 0 || await TryDrawAsync(lane, wanted).ConfigureAwait(false) is not { } failure)
        {
            return;
        }

        var alone = wanted.Count > 1 && failure.InnerException is not TimeoutException && !_stop.IsCancellationRequested;
        foreach (var item in wanted)
        {
            if ((alone ? await TryDrawAsync(lane, [item]).ConfigureAwait(false) : failure) is { } reason)
            {
                item.Done.TrySetException(_stop.IsCancellationRequested ? new ObjectDisposedException(nameof(FaceBatcher)) : reason);
            }
        }
    }

    /// <summary>What went wrong; null when nothing did, and the items are done.</summary>
    private async Task<Exception?> TryDrawAsync(IFaceLane lane, List<Item> items)
    {
        InferenceTelemetry.BatchRan(InferenceTask.Generation, items.Count);
        var outputs = new List<CropMemory>(items.Count);
        try
        {
            items.ForEach(_ => outputs.Add(_crops.Rent(_outputLength)));
            await lane.RunAsync(
                items.ConvertAll(item => (ReadOnlyMemory<float>)item.Input.Values),
                outputs.ConvertAll(output => output.Values),
                _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The callers are told, each by its own task.
            outputs.ForEach(output => output.Dispose());
            return exception;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (!items[i].Done.TrySetResult(outputs[i]))
            {
                outputs[i].Dispose();
            }
        }

        return null;
    }

    private sealed class Item(CropMemory input)
    {
        public CropMemory Input => input;

        public TaskCompletionSource<CropMemory> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How large a batch becomes.</summary>
/// <param name="MaxFaces">Faces of one call, at least 1.</param>
/// <param name="MaxWait">How long the first face waits for others.</param>
internal readonly record struct BatchLimits(int MaxFaces, TimeSpan MaxWait);
