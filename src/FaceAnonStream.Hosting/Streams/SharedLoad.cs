namespace FaceAnonStream.Hosting.Streams;

/// <summary>What loads when it is first asked for, and is then shared. A load that failed is tried again by whoever asks next:
/// what was wrong with a file may have been put right. Thread-safe.</summary>
/// <param name="load">Runs on the pool, never twice at a time.</param>
internal sealed class SharedLoad<T>(Func<Task<T>> load) : IAsyncDisposable
    where T : IDisposable
{
    private readonly Lock _gate = new();
    private Task<T>? _loading;

    /// <summary>What is loaded, or will be; fails as the load does.</summary>
    public Task<T> GetAsync()
    {
        lock (_gate)
        {
            return _loading is null or { IsFaulted: true } or { IsCanceled: true } ? _loading = Task.Run(load) : _loading;
        }
    }

    /// <summary>Frees what was loaded. Nobody may ask any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_loading is not { } loading)
        {
            return;
        }

        // A failure to load was told to those who asked.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            (await loading.ConfigureAwait(false)).Dispose();
        }
    }
}
