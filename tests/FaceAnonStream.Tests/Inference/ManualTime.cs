using System.Threading.Channels;

namespace FaceAnonStream.Tests.Inference;

/// <summary>A clock whose timers ring when the test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Channel<ManualTimer> _waiting = Channel.CreateBounded<ManualTimer>(64);
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody waits for time to pass.</summary>
    public Task Armed => _armed.Task;

    /// <summary>The time for which somebody waits has passed; the first call is for the first wait, and so on.</summary>
    public async Task RingAsync() => (await _waiting.Reader.ReadAsync()).Ring();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(callback, state);
        _waiting.Writer.TryWrite(timer);
        _armed.TrySetResult();
        return timer;
    }

    private sealed class ManualTimer(TimerCallback callback, object? state) : ITimer
    {
        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
