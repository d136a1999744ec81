using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Service;

/// <summary>Reads the configuration anew and has it applied, one reload after the other.</summary>
internal sealed class ConfigurationReload(StreamHost host, Func<ServiceResult> read, ILogger<ConfigurationReload> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>A configuration with a problem changes nothing.</summary>
    /// <returns>What changed, or every problem.</returns>
    public async Task<(AppliedChanges? Changes, IReadOnlyList<string> Errors)> ReloadAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var result = read();
            foreach (var error in result.Errors)
            {
                ServiceLog.NotApplied(logger, OneLine.Clean(error));
            }

            return result.Configuration is { } configuration ? (await ApplyAsync(configuration), []) : (null, result.Errors);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<AppliedChanges> ApplyAsync(ServiceConfiguration configuration)
    {
        var changes = await host.ApplyAsync(configuration);
        ServiceLog.Applied(logger, changes.Added.Count, changes.Changed.Count, changes.Removed.Count, changes.Unchanged.Count);
        return changes;
    }

    public void Dispose() => _turn.Dispose();
}
