using System.Diagnostics;
using System.Globalization;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>The far end of the output: an ffmpeg that listens, decodes, and shows every picture to a judge. It listens again as
/// soon as its connection has ended, unless it is kept down.</summary>
internal sealed class OutputReceiver : IAsyncDisposable
{
    private readonly OutputJudge _judge;
    private readonly int _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Lock _gate = new();
    private readonly List<(Sight Wanted, TaskCompletionSource Seen)> _waiting = [];
    private TaskCompletionSource _mayListen = new();
    private Process? _process;

    public OutputReceiver(OutputJudge judge, int port)
    {
        _judge = judge;
        _port = port;
        _mayListen.SetResult();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Ends at once, without a word to the sender.</summary>
    public void Kill()
    {
        _mayListen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _process?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was between two connections.
        }
    }

    /// <summary>Listens again.</summary>
    public void Revive() => _mayListen.TrySetResult();

    /// <summary>Completes with the next picture of a kind.</summary>
    public Task NextAsync(Sight sight)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((sight, seen));
        }

        return seen.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Kill();
        Revive();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _mayListen.Task;
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            using var process = Command.Start(
                "ffmpeg",
                [
                    "-nostdin", "-v", "quiet", "-fflags", "nobuffer", "-analyzeduration", "500000", "-probesize", "200000",
                    "-f", "mpegts", "-i", string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{_port}?listen=1"),
                    "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray",
                    "-s", $"{StampedScene.Format.Width}x{StampedScene.Format.Height}", "-",
                ]);
            _process = process;
            await ReadAsync(process.StandardOutput.BaseStream);
            await process.WaitForExitAsync();
        }
    }

    private async Task ReadAsync(Stream pictures)
    {
        var luma = new byte[StampedScene.Format.Width * StampedScene.Format.Height];
        while (await pictures.ReadAtLeastAsync(luma, luma.Length, throwOnEndOfStream: false) == luma.Length)
        {
            var sight = _judge.Look(luma);
            lock (_gate)
            {
                foreach (var (_, seen) in _waiting.Where(waiter => waiter.Wanted == sight))
                {
                    seen.TrySetResult();
                }

                _waiting.RemoveAll(waiter => waiter.Seen.Task.IsCompleted);
            }
        }
    }
}
