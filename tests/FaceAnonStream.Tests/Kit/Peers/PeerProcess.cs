using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>A program at the other end of a stream, which a test can kill, freeze and start again.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly string[] _arguments;
    private readonly StringBuilder _said = new();
    private Process? _process;

    public PeerProcess(string program, params IEnumerable<string> arguments)
    {
        _program = program;
        _arguments = [.. arguments];
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    /// <summary>Everything that the program wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo(_program, _arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts the program and waits until it takes connections.</summary>
    public async Task StartAsync(int port)
    {
        Start();
        await Until(() => AnswersAsync(port), $"{_program} takes connections on port {port}");
    }

    /// <summary>Waits for a condition, for as long as no healthy machine needs.</summary>
    public async Task Until(Func<Task<bool>> condition, string what)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > deadline || _process is { HasExited: true })
            {
                throw new TimeoutException($"waited in vain until {what}; it said: {Said}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    /// <summary>Ends it as its operator would.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync();
    }

    /// <summary>The peer stays connected and says nothing more.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits until it has ended by itself.</summary>
    public Task ExitAsync() => _process!.WaitForExitAsync();

    public ValueTask DisposeAsync()
    {
        Kill();
        _process?.Dispose();
        _process = null;
        return ValueTask.CompletedTask;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task SignalAsync(string signal) =>
        await Command.RunAsync("kill", $"-{signal}", $"{_process!.Id}");

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
