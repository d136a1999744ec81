using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>A TCP relay that harms what it carries when it is told to.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _clients = [];
    private readonly Task _serving;
    private volatile TaskCompletionSource _flowing = Completed();
    private byte[]? _garbage;

    public ChaosProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The port of the server behind it, for new connections.</summary>
    public required int Target { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes every connection.</summary>
    public void Cut()
    {
        foreach (var client in _clients.Keys)
        {
            client.Close();
        }
    }

    /// <summary>Carries nothing until <see cref="Resume"/>.</summary>
    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _flowing.TrySetResult();

    /// <summary>Puts bytes in front of the next ones that go to a client.</summary>
    public void Inject(byte[] garbage) => Volatile.Write(ref _garbage, garbage);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Resume();
        Cut();
        await ((Task)_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = CarryAsync(client);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _clients.TryAdd(client, 0);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            var both = (client.GetStream(), server.GetStream());
            await Task.WhenAny(PumpAsync(both.Item1, both.Item2, toClient: false), PumpAsync(both.Item2, both.Item1, toClient: true));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or InvalidOperationException)
        {
            // A server that is away, or a connection that was cut meanwhile: the client sees it end.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Close();
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool toClient)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
            {
                await _flowing.Task;
                if (toClient && Interlocked.Exchange(ref _garbage, null) is { } garbage)
                {
                    await to.WriteAsync(garbage, _stop.Token);
                }

                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }
}
