using FaceAnonStream.Live;

namespace FaceAnonStream.Telemetry;

/// <summary>The states of both ends of a stream, and how often each was connected again.</summary>
internal sealed class EndStates
{
    private const int Ends = 2;

    private readonly Lock _lock = new();
    private readonly EndState[] _states = new EndState[Ends];
    private readonly bool[] _wasUp = new bool[Ends];
    private readonly long[] _reconnects = new long[Ends];
    private readonly string?[] _reasons = new string?[Ends];

    public string? Problem
    {
        get
        {
            lock (_lock)
            {
                return _reasons[(int)StreamEnd.Source] ?? _reasons[(int)StreamEnd.Sink];
            }
        }
    }

    public EndState State(StreamEnd end)
    {
        lock (_lock)
        {
            return _states[(int)end];
        }
    }

    public long Reconnects(StreamEnd end)
    {
        lock (_lock)
        {
            return _reconnects[(int)end];
        }
    }

    public void Change(StreamEnd end, EndState state, string? reason)
    {
        var i = (int)end;
        lock (_lock)
        {
            if (state == EndState.Up && _states[i] != EndState.Up)
            {
                _reconnects[i] += _wasUp[i] ? 1 : 0;
                _wasUp[i] = true;
            }

            // A new attempt does not yet disprove what went wrong with the last one.
            _reasons[i] = state == EndState.Up ? null : reason ?? _reasons[i];
            _states[i] = state;
        }
    }
}
