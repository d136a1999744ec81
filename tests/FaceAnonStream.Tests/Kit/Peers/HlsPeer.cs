namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>A static HTTP server over a folder, as HLS needs.</summary>
public sealed class HlsPeer : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private HlsPeer(string folder) =>
        _process = new PeerProcess(
            PeerPrograms.Require(PeerPrograms.Python), "-m", "http.server", $"{Port}", "--bind", "127.0.0.1", "--directory", folder);

    public int Port { get; } = FreePort.Tcp();

    public PeerProcess Process => _process;

    /// <param name="folder">What is served. Borrowed.</param>
    public static async Task<HlsPeer> StartAsync(string folder)
    {
        var peer = new HlsPeer(folder);
        await peer.RestartAsync();
        return peer;
    }

    /// <summary>The address of a file in the folder.</summary>
    public string Address(string name) => $"http://127.0.0.1:{Port}/{name}";

    /// <summary>Starts it, at the same port as before.</summary>
    public Task RestartAsync() => _process.StartAsync(Port);

    public void Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
