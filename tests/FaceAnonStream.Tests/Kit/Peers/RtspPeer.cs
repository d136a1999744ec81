namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>What an <see cref="RtspPeer"/> plays and takes.</summary>
public sealed record RtspPeerOptions
{
    /// <summary>An H.264 clip in MP4, played in a loop; null for a moving ball.</summary>
    public string? Clip { get; init; }

    public int Width { get; init; } = 320;

    public int Height { get; init; } = 240;

    public int FramesPerSecond { get; init; } = 25;

    /// <summary>What /cam asks for; null lets everybody in.</summary>
    public (string User, string Password)? Credentials { get; init; }
}

/// <summary>A real RTSP server: plays /cam, and records what is pushed to /rec.</summary>
public sealed class RtspPeer : IAsyncDisposable
{
    /// <summary>Longer than any test: the server itself cannot play a file twice.</summary>
    private const int LoopSeconds = 120;

    private readonly TemporaryFolder _folder = new();
    private readonly PeerProcess _process;

    private RtspPeer(RtspPeerOptions options, string? loop)
    {
        PeerPrograms.RequireGstRtspServer();
        List<string> arguments =
        [
            Path.Combine(Repository.Root, "tests", "FaceAnonStream.Tests", "Kit", "Peers", "rtsp-server.py"),
            "--port", $"{Port}", "--record", _folder.File("rec-"),
            "--width", $"{options.Width}", "--height", $"{options.Height}", "--rate", $"{options.FramesPerSecond}",
        ];
        if (loop is not null)
        {
            File.Move(loop, _folder.File("loop.mp4"));
            arguments.AddRange(["--file", _folder.File("loop.mp4")]);
        }

        if (options.Credentials is var (user, password))
        {
            arguments.AddRange(["--user", user, "--password", password]);
        }

        _process = new PeerProcess(PeerPrograms.Require(PeerPrograms.Python), arguments);
    }

    public int Port { get; } = FreePort.Tcp();

    /// <summary>Where it plays.</summary>
    public string Camera => $"rtsp://127.0.0.1:{Port}/cam";

    /// <summary>Where it takes an H.264 push.</summary>
    public string Recorder => $"rtsp://127.0.0.1:{Port}/rec";

    /// <summary>What was pushed: one MPEG-TS file for each connection, readable while it grows.</summary>
    public IReadOnlyList<string> Recordings => [.. Directory.EnumerateFiles(_folder.Root, "rec-*.ts").Order()];

    public PeerProcess Process => _process;

    public static async Task<RtspPeer> StartAsync(RtspPeerOptions? options = null)
    {
        options ??= new RtspPeerOptions();
        var peer = new RtspPeer(options, options.Clip is { } clip ? await LoopAsync(clip) : null);
        await peer.RestartAsync();
        return peer;
    }

    /// <summary>Starts it, at the same port as before.</summary>
    public Task RestartAsync() => _process.StartAsync(Port);

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> LoopAsync(string clip)
    {
        var path = Path.Combine(Path.GetTempPath(), $"faceanon-loop-{Guid.NewGuid():N}.mp4");
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", clip, "-map", "0:v:0", "-c", "copy", "-t", $"{LoopSeconds}", path);
        return path;
    }
}
