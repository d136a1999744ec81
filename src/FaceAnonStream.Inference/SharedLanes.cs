using System.Diagnostics.CodeAnalysis;

namespace FaceAnonStream.Inference;

/// <summary>
/// Lanes (loaded networks that take one call at a time) shared by any number of callers. Whoever gets a free lane takes along
/// what fits of that which waits: batches form where lanes are scarce, and nobody waits for company.
/// <para>A call that fails with several inputs is made again for each of them alone, so that one bad input does not take its
/// neighbours with it; after a timeout it is not, because that would cost a timeout each. What a caller lends is not looked
/// at any more once its call has ended, in whatever way.</para>
/// </summary>
/// <typeparam name="TLane">A lane.</typeparam>
/// <typeparam name="TIn">What a caller lends.</typeparam>
/// <typeparam name="TOut">What it gets for it.</typeparam>
/// <param name="lanes">At least one; used in turn.</param>
/// <param name="maxBatch">Inputs of one call, at least 1.</param>
/// <param name="fits">Whether two inputs can be in one call.</param>
/// <param name="run">Makes a call: one result for each input, in order.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle that nobody asked for.")]
internal sealed class SharedLanes<TLane, TIn, TOut>(
    IReadOnlyList<TLane> lanes,
    int maxBatch,
    Func<TIn, TIn, bool> fits,
    Func<TLane, IReadOnlyList<TIn>, CancellationToken, ValueTask<IReadOnlyList<TOut>>> run)
{
    private readonly SemaphoreSlim _free = new(lanes.Count);
    private readonly Lock _gate = new();
    private readonly Queue<TLane> _idle = new(lanes);
    private readonly LinkedList<Request> _waiting = [];

    /// <summary>Waits for a lane and has the input looked at.</summary>
    /// <param name="input">Borrowed until the call ends.</param>
    /// <param name="ct">Gives up: at once while the input waits, else when the lane has let go of it.</param>
    public async Task<TOut> RunAsync(TIn input, CancellationToken ct)
    {
        var request = new Request(input, ct);
        lock (_gate)
        {
            _waiting.AddLast(request);
        }

        try
        {
            await _free.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(request))
            {
                await ((Task)request.Done.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw;
        }

        await LeadAsync(request).ConfigureAwait(false);
        return await request.Done.Task.ConfigureAwait(false);
    }

    /// <summary>With a lane that is ours: serves the request, unless somebody has taken it along, and those that fit it.</summary>
    private async ValueTask LeadAsync(Request request)
    {
        TLane lane;
        lock (_gate)
        {
            lane = _idle.Dequeue();
        }

        List<Request>? batch = null;
        try
        {
            batch = new(maxBatch);
            lock (_gate)
            {
                TakeBatch(request, batch);
            }

            if (batch.Count > 0 && await TryAsync(lane, batch).ConfigureAwait(false) is { } failure)
            {
                await FailAsync(lane, batch, failure).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Whoever was taken along waits for nobody else.
            batch?.ForEach(taken => taken.Done.TrySetException(exception));
            if (Withdraw(request))
            {
                request.Done.TrySetException(exception);
            }
        }
        finally
        {
            lock (_gate)
            {
                // To the end of the queue: a lane that has failed is not the next one's.
                _idle.Enqueue(lane);
            }

            _free.Release();
        }
    }

    private void TakeBatch(Request first, List<Request> batch)
    {
        if (!_waiting.Remove(first))
        {
            return;
        }

        batch.Add(first);
        for (var node = _waiting.First; node is not null && batch.Count < maxBatch;)
        {
            var next = node.Next;
            if (fits(first.Input, node.Value.Input))
            {
                batch.Add(node.Value);
                _waiting.Remove(node);
            }

            node = next;
        }
    }

    private bool Withdraw(Request request)
    {
        lock (_gate)
        {
            return _waiting.Remove(request);
        }
    }

    /// <summary>What went wrong; null when nothing did, and the requests are done.</summary>
    private async ValueTask<Exception?> TryAsync(TLane lane, List<Request> batch)
    {
        try
        {
            // One caller's change of mind must not cost the others their answer.
            var ct = batch.Count == 1 ? batch[0].Ct : CancellationToken.None;
            var results = await run(lane, batch.ConvertAll(request => request.Input), ct).ConfigureAwait(false);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.SetResult(results[i]);
            }

            return null;
        }
        catch (Exception exception)
        {
            // The callers are told, each by its own task.
            return exception;
        }
    }

    private async ValueTask FailAsync(TLane lane, List<Request> batch, Exception failure)
    {
        var alone = batch.Count > 1 && failure.InnerException is not TimeoutException;
        foreach (var request in batch.Where(request => !request.Done.Task.IsCompleted))
        {
            if ((alone ? await TryAsync(lane, [request]).ConfigureAwait(false) : failure) is not { } reason)
            {
                continue;
            }

            if (reason is OperationCanceledException)
            {
                request.Done.SetCanceled(request.Ct);
            }
            else
            {
                request.Done.SetException(reason);
            }
        }
    }

    private sealed class Request(TIn input, CancellationToken ct)
    {
        public TIn Input => input;

        public CancellationToken Ct => ct;

        public TaskCompletionSource<TOut> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
