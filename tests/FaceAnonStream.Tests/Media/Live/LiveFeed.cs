using FaceAnonStream.Redaction;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A live stream of 25 frames a second.</summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private int _written;

    public LiveFeed(SinkRig rig, Func<AnonymizedFrame, ValueTask> write) => _writing = Task.Run(() => WriteAsync(rig, write));

    /// <summary>Frames for which a write has returned.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>Ends it, and fails if a write did.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(SinkRig rig, Func<AnonymizedFrame, ValueTask> write)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        while (!_stop.IsCancellationRequested)
        {
            using (var frame = await rig.FrameAsync(_written))
            {
                await write(frame);
            }

            Interlocked.Increment(ref _written);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
