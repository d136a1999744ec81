using FaceAnonStream.Live;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>What a sink told of itself.</summary>
internal sealed class SinkLog : IStreamEvents
{
    private readonly Lock _lock = new();
    private readonly List<(EndState State, string? Reason)> _changes = [];
    private int _dropped;

    public int Dropped => Volatile.Read(ref _dropped);

    public IReadOnlyList<(EndState State, string? Reason)> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>The states, in order.</summary>
    public IReadOnlyList<EndState> States => [.. Changes.Select(change => change.State)];

    /// <summary>Everything said, for what must not be in it.</summary>
    public string Words => string.Join('\n', Changes.Select(change => change.Reason));

    public int Count(EndState state) => States.Count(seen => seen == state);

    void IStreamEvents.Changed(StreamEnd end, EndState state, string? reason)
    {
        lock (_lock)
        {
            _changes.Add((state, reason));
        }
    }

    void IStreamEvents.Dropped(DropReason reason) => Interlocked.Increment(ref _dropped);
}
