using FaceAnonStream.Live;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>Ends the output once for each time that the source goes away, when everything that came from it has left.</summary>
/// <param name="patience">How long that takes.</param>
/// <param name="endOutput">Ends the output; must not throw but for cancellation.</param>
/// <param name="time">Times the wait.</param>
internal sealed class SourceAbsence(TimeSpan patience, Func<CancellationToken, ValueTask> endOutput, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _absence;
    private Task _ending = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>The source has changed its state. From any thread.</summary>
    public void Changed(EndState state)
    {
        lock (_gate)
        {
            if (state == EndState.Up)
            {
                _absence?.Cancel();
                _absence?.Dispose();
                _absence = null;
            }
            else if (state == EndState.Away && _absence is null && !_isClosed)
            {
                _absence = new CancellationTokenSource();
                _ending = EndAsync(_ending, _absence.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (_gate)
        {
            _isClosed = true;
            _absence?.Cancel();
            _absence?.Dispose();
            _absence = null;
            ending = _ending;
        }

        await ending.ConfigureAwait(false);
    }

    private async Task EndAsync(Task before, CancellationToken ct)
    {
        await before.ConfigureAwait(false);
        try
        {
            await Task.Delay(patience, time, ct).ConfigureAwait(false);
            await endOutput(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It came back.
        }
    }
}
