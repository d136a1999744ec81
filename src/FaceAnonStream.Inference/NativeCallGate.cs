using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference;

/// <summary>
/// Runs blocking native calls on the thread pool, one at a time, each with a deadline. A call that overstays is given up
/// but not forgotten: until it has returned, the gate stays shut, because the call still uses its memory.
/// </summary>
internal sealed class NativeCallGate(string name, TimeProvider timeProvider)
{
    private Task _call = Task.CompletedTask;

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: an earlier call has not returned.</exception>
    public void ThrowIfShut()
    {
        if (!_call.IsCompleted)
        {
            throw new FaultException(FaultOrigin.Model, $"{name}: an earlier inference call has not returned yet");
        }
    }

    /// <param name="call">Blocks until it has a result, which the caller then owns.</param>
    /// <param name="stop">Asks a running call to return soon.</param>
    /// <param name="timeout">Longest time to wait for the result, and then for the stopped call to return.</param>
    /// <param name="ct">Gives the call up.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: the deadline passed, or an earlier call
    /// has not returned.</exception>
    public async Task<T> RunAsync<T>(Func<T> call, Action stop, TimeSpan timeout, CancellationToken ct)
        where T : IDisposable
    {
        ThrowIfShut();
        ct.ThrowIfCancellationRequested();
        var running = Task.Run(call, CancellationToken.None);
        _call = running;
        try
        {
            return await running.WaitAsync(timeout, timeProvider, ct).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            stop();
            var returned = running.ContinueWith(DisposeResult, TaskScheduler.Default);
            if (exception is OperationCanceledException)
            {
                throw;
            }

            // A stopped call mostly returns soon. Waiting for it spares the next frames the shut gate.
            await Task.WhenAny(returned, Task.Delay(timeout, timeProvider, ct)).ConfigureAwait(false);
            throw new FaultException(
                FaultOrigin.Model, $"{name}: inference took longer than {timeout.TotalMilliseconds:0} ms", exception);
        }
    }

    /// <summary>Releases what the calls use: now, or when the call that still runs has returned.</summary>
    public void ReleaseWhenIdle(Action release)
    {
        if (_call.IsCompleted)
        {
            release();
        }
        else
        {
            _ = _call.ContinueWith(_ => release(), TaskScheduler.Default);
        }
    }

    private static void DisposeResult<T>(Task<T> given)
        where T : IDisposable
    {
        if (given.IsCompletedSuccessfully)
        {
            given.Result.Dispose();
        }
        else
        {
            // Nobody waits for it any more; reading the exception marks it as observed.
            _ = given.Exception;
        }
    }
}
