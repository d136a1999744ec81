namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>A real RTMP server: what is published to a key is played at the same address, and recorded.</summary>
public sealed class RtmpPeer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PeerProcess _process;

    private RtmpPeer()
    {
        PeerPrograms.Require(PeerPrograms.NginxRtmpModule);
        var configuration = _folder.File("nginx.conf");
        File.WriteAllText(
            configuration,
            $$"""
              load_module {{PeerPrograms.NginxRtmpModule}};
              daemon off;
              master_process off;
              pid {{_folder.File("nginx.pid")}};
              error_log stderr warn;
              events {}
              rtmp {
                access_log off;
                server {
                  listen 127.0.0.1:{{Port}};
                  application live {
                    live on;
                    record all;
                    record_path {{_folder.Root}};
                    record_unique on;
                  }
                }
              }
              """);
        _process = new PeerProcess(PeerPrograms.Require("nginx"), "-c", configuration, "-p", _folder.Root, "-e", "stderr");
    }

    public int Port { get; } = FreePort.Tcp();

    public PeerProcess Process => _process;

    /// <summary>What was published: one FLV file for each connection, readable while it grows.</summary>
    public IReadOnlyList<string> Recordings => [.. Directory.EnumerateFiles(_folder.Root, "*.flv").Order()];

    public static async Task<RtmpPeer> StartAsync()
    {
        var peer = new RtmpPeer();
        await peer.RestartAsync();
        return peer;
    }

    /// <summary>Where a stream is published and played.</summary>
    /// <param name="key">Names it; letters and digits.</param>
    public string Address(string key) => $"rtmp://127.0.0.1:{Port}/live/{key}";

    /// <summary>Starts it, at the same port as before.</summary>
    public Task RestartAsync() => _process.StartAsync(Port);

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
