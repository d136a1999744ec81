namespace FaceAnonStream.Hosting.Streams;

/// <summary>Streams that nobody can find any more, while they let go of their ends. Not thread-safe.</summary>
internal sealed class LeavingStreams
{
    private readonly List<(StreamConfiguration Configuration, Task End)> _streams = [];

    /// <summary>Completes when those that leave now have left.</summary>
    public Task AllLeft => Task.WhenAll(_streams.Select(stream => stream.End));

    /// <summary>Begins to end a stream.</summary>
    /// <returns>Completes when it has left, or was given up.</returns>
    public Task Retire(HostedStream stream)
    {
        var end = stream.RetireAsync();
        _streams.RemoveAll(other => other.End.IsCompleted);
        _streams.Add((stream.Configuration, end));
        return end;
    }

    /// <summary>Completes when those have left that had a stream's name or its output.</summary>
    public Task MadeRoomFor(StreamConfiguration next) => Task.WhenAll(_streams
        .Where(stream => stream.Configuration.Name == next.Name || stream.Configuration.Output.Equals(next.Output))
        .Select(stream => stream.End));
}
