using FaceAnonStream.Live;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Waits for what the ends of a live stream tell.</summary>
internal sealed class EndEvents : IStreamEvents
{
    private readonly Lock _gate = new();
    private readonly List<(StreamEnd End, EndState State, TaskCompletionSource Seen)> _waiting = [];
    private readonly Dictionary<StreamEnd, EndState> _states = [];

    /// <summary>Completes when an end next says that it is in a state.</summary>
    public Task NextAsync(StreamEnd end, EndState state)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((end, state, seen));
        }

        return seen.Task;
    }

    /// <summary>The look-ahead that frame memory left, and the one that was asked for; null where nobody told.</summary>
    public (int LookAheadMs, int WantedMs)? Shortened { get; private set; }

    public void LookAheadShortened(int lookAheadMs, int wantedMs) => Shortened = (lookAheadMs, wantedMs);

    /// <summary>Completes when an end is in a state.</summary>
    public Task IsAsync(StreamEnd end, EndState state)
    {
        lock (_gate)
        {
            return _states.TryGetValue(end, out var now) && now == state ? Task.CompletedTask : NextAsync(end, state);
        }
    }

    public void Changed(StreamEnd end, EndState state, string? reason)
    {
        lock (_gate)
        {
            _states[end] = state;
            foreach (var waiter in _waiting.Where(waiter => waiter.End == end && waiter.State == state).ToList())
            {
                waiter.Seen.SetResult();
                _waiting.Remove(waiter);
            }
        }
    }

    public void Dropped(DropReason reason)
    {
        // Reports count them.
    }
}
