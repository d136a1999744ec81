using System.Collections.Concurrent;
using FaceAnonStream.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// Runs many streams side by side. Each is supervised on its own: whatever one does, fail, hang or throw where it must not,
/// the others do not notice. Thread-safe.
/// </summary>
public sealed class StreamHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, HostedStream> _streams = new(StringComparer.Ordinal);
    private readonly LeavingStreams _leaving = new();
    private readonly Lock _change = new();
    private readonly Task<ILiveStreamFactory> _factory;
    private readonly StreamHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamHost> _logger;
    private ServiceConfiguration? _applied;

    /// <param name="factory">Makes streams, once the models that they share are loaded.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Is told what happens to streams.</param>
    public StreamHost(Task<ILiveStreamFactory> factory, StreamHostOptions options, TimeProvider time, ILogger<StreamHost> logger)
    {
        _factory = factory;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether models are loaded.</summary>
    public bool IsReady => _factory.IsCompletedSuccessfully;

    /// <summary>The settings that streams have where they set nothing.</summary>
    public FaceAnonOptions Settings
    {
        get
        {
            lock (_change)
            {
                return _applied?.Options ?? FaceAnonOptions.LiveDefaults;
            }
        }
    }

    /// <summary>Every stream, by name.</summary>
    public IReadOnlyList<StreamStatus> Streams =>
        [.. _streams.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Status)];

    /// <summary>One stream; null when there is none of that name.</summary>
    public StreamStatus? Find(string name) => _streams.TryGetValue(name, out var stream) ? stream.Status : null;

    /// <summary>Adds a stream, and starts it where it is enabled.</summary>
    /// <returns>Null, or why it cannot be added.</returns>
    public async Task<StreamConflict?> AddAsync(StreamConfiguration configuration, StreamOrigin origin)
    {
        Task starting;
        lock (_change)
        {
            if (ConflictOf(configuration, isNew: true) is { } conflict)
            {
                return conflict;
            }

            starting = Place(configuration, origin);
        }

        await starting;
        return null;
    }

    /// <summary>Puts a stream in the place of the one of its name, or adds it. An equal one is left as it is.</summary>
    /// <returns>Null, or why it cannot be.</returns>
    public Task<StreamConflict?> ReplaceAsync(StreamConfiguration configuration, StreamOrigin origin) =>
        ReplaceAsync(configuration, origin, evicts: false);

    /// <summary>Ends a stream and forgets it.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string name)
    {
        Task retiring;
        lock (_change)
        {
            if (!_streams.TryRemove(name, out var stream))
            {
                return false;
            }

            retiring = _leaving.Retire(stream);
        }

        await retiring;
        return true;
    }

    /// <returns>Whether there is such a stream.</returns>
    public async Task<bool> StartAsync(string name, CancellationToken ct)
    {
        var isThere = _streams.TryGetValue(name, out var stream);
        await (stream?.StartAsync() ?? Task.CompletedTask).WaitAsync(ct);
        return isThere;
    }

    /// <summary>Ends a stream; returns when it has ended, or was given up.</summary>
    /// <returns>Whether there is such a stream.</returns>
    public async Task<bool> StopAsync(string name, CancellationToken ct)
    {
        var isThere = _streams.TryGetValue(name, out var stream);
        await (stream?.StopAsync() ?? Task.CompletedTask).WaitAsync(ct);
        return isThere;
    }

    /// <summary>Makes the streams of the configuration file what a new reading of it says: unchanged ones are left alone.
    /// Streams that came by API stay, unless the file has one of that name.</summary>
    public async Task<AppliedChanges> ApplyAsync(ServiceConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IReadOnlyList<string> stale;
        lock (_change)
        {
            stale = _applied is null ? [] : SharedSettings.Changed(_applied, configuration);
            _applied = _applied is null ? configuration : SharedSettings.Keep(_applied, configuration);
            configuration = _applied;
        }

        foreach (var setting in stale)
        {
            StreamHostLog.NeedsRestart(_logger, setting);
        }

        var wanted = configuration.Streams.ToDictionary(stream => stream.Name, StringComparer.Ordinal);
        var known = _streams.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        string[] removed = [.. known.Where(pair => pair.Value.Origin == StreamOrigin.File && !wanted.ContainsKey(pair.Key)).Select(pair => pair.Key)];
        string[] unchanged = [.. known.Where(pair => pair.Value.Origin == StreamOrigin.File
            && wanted.TryGetValue(pair.Key, out var same) && same == pair.Value.Configuration).Select(pair => pair.Key)];
        string[] changed = [.. wanted.Keys.Where(known.ContainsKey).Except(unchanged)];
        string[] added = [.. wanted.Keys.Where(name => !known.ContainsKey(name))];

        // First what makes room, then what takes it; side by side, because one may take long to end.
        await Task.WhenAll(removed.Select(RemoveAsync));
        // The file wins over a stream that took its place or its output meanwhile.
        await Task.WhenAll(changed.Select(name => ReplaceAsync(wanted[name], StreamOrigin.File, evicts: true)));
        await Task.WhenAll(added.Select(name => ReplaceAsync(wanted[name], StreamOrigin.File, evicts: true)));
        return new AppliedChanges(added, changed, removed, unchanged, stale);
    }

    /// <summary>Ends every stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_streams.Keys.ToList().Select(RemoveAsync));
        Task left;
        lock (_change)
        {
            left = _leaving.AllLeft;
        }

        await left;
    }

    /// <param name="configuration">What to do.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="evicts">Whether a stream that has its output must go.</param>
    private async Task<StreamConflict?> ReplaceAsync(StreamConfiguration configuration, StreamOrigin origin, bool evicts)
    {
        Task starting;
        lock (_change)
        {
            _streams.TryGetValue(configuration.Name, out var old);
            if (old is not null && old.Configuration == configuration && old.Origin == origin)
            {
                return null;
            }

            var conflict = ConflictOf(configuration, isNew: old is null);
            if (evicts && conflict is { Other: { } other } && _streams.TryRemove(other, out var evicted))
            {
                _ = _leaving.Retire(evicted);
                conflict = ConflictOf(configuration, isNew: old is null);
            }

            if (conflict is not null)
            {
                return conflict;
            }

            _ = old is null ? null : _leaving.Retire(old);
            starting = Place(configuration, origin);
        }

        await starting;
        return null;
    }

    private StreamConflict? ConflictOf(StreamConfiguration configuration, bool isNew)
    {
        if (isNew && _streams.ContainsKey(configuration.Name))
        {
            return new StreamConflict($"there is a stream {configuration.Name} already", null);
        }

        var other = _streams.Values.FirstOrDefault(stream =>
            stream.Configuration.Name != configuration.Name && stream.Configuration.Output.Equals(configuration.Output));
        if (other is not null)
        {
            return new StreamConflict($"stream {other.Configuration.Name} has the same output", other.Configuration.Name);
        }

        return isNew && _streams.Count >= ServiceConfiguration.MaxStreams
            ? new StreamConflict($"there are {ServiceConfiguration.MaxStreams} streams already, which is all that is allowed", null)
            : null;
    }

    /// <summary>Puts a new stream in its place, and has it started where it is enabled. Whoever had its name or its output lets
    /// go of its ends before the new one takes them, and before it obeys any command. Inside the lock.</summary>
    private Task Place(StreamConfiguration configuration, StreamOrigin origin)
    {
        var room = _leaving.MadeRoomFor(configuration);
        var stream = _streams[configuration.Name] = new HostedStream(configuration, origin, room, _factory, _options, _time, _logger);
        return configuration.Enabled ? stream.StartAsync() : room;
    }
}
