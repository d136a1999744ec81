using System.IO.Pipes;
using System.Threading.Tasks.Sources;
using FaceAnonStream.Faults;
using Microsoft.Win32.SafeHandles;

namespace FaceAnonStream.Media.Processes;

/// <summary>
/// Our end of the pipe through which pictures reach or leave a child. A thread of its own makes blocking system calls:
/// the runtime's event loop would wake up a hundred times for one picture.
/// One operation at a time.
/// </summary>
internal sealed class ChildPipe : Stream, IValueTaskSource<int>, IValueTaskSource
{
    /// <summary>Reads of this size and more wait until all of it is there; smaller ones take what there is.</summary>
    private const int WholeReadBytes = 128 << 10;

    private readonly PipeStream _pipe;
    private readonly FileStream _file;
    private readonly Action _stopChild;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _requests = new(0);
    private ManualResetValueTaskSourceCore<int> _completion = new() { RunContinuationsAsynchronously = true };
    private Memory<byte> _destination;
    private ReadOnlyMemory<byte> _source;
    private CancellationToken _ct;
    private volatile bool _closed;

    /// <param name="pipe">Taken over. Nobody else may use it.</param>
    /// <param name="stopChild">Ends the child at once. Called on cancellation: it is what makes a blocked call return.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Node"/>: this machine gives us no more threads.</exception>
    public ChildPipe(PipeStream pipe, Action stopChild)
    {
        _pipe = pipe;
        _stopChild = stopChild;
        var handle = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        _file = new FileStream(handle, pipe.CanRead ? FileAccess.Read : FileAccess.Write, bufferSize: 0, isAsync: false);
        _thread = new Thread(Serve) { IsBackground = true, Name = "child pipe" };
        try
        {
            _thread.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            _file.Dispose();
            _pipe.Dispose();
            throw new FaultException(FaultOrigin.Node, "no more threads can be started: raise the limit of tasks", exception);
        }
    }

    public override bool CanRead => _pipe.CanRead;

    public override bool CanWrite => _pipe.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _destination = buffer;
        return new ValueTask<int>(this, Request(cancellationToken));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _source = buffer;
        return new ValueTask(this, Request(cancellationToken));
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _completion.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            _requests.Release();
            _thread.Join();
            _requests.Dispose();
            _file.Dispose();
            _pipe.Dispose();
        }

        base.Dispose(disposing);
    }

    private short Request(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ct.ThrowIfCancellationRequested();
        _ct = ct;
        _completion.Reset();
        var token = _completion.Version;
        _requests.Release();
        return token;
    }

    private void Serve()
    {
        while (true)
        {
            _requests.Wait();
            if (_closed)
            {
                return;
            }

            try
            {
                _completion.SetResult(Transfer());
            }
            catch (Exception exception)
            {
                // Whatever it is, it belongs to the one who asked.
                _completion.SetException(exception);
            }
        }
    }

    private int Transfer()
    {
        using var registration = _ct.UnsafeRegister(static pipe => ((ChildPipe)pipe!)._stopChild(), this);
        try
        {
            return CanRead ? ReadBlocking(_destination.Span) : WriteBlocking(_source.Span);
        }
        finally
        {
            // The child's end is our doing, not a fault of the stream.
            _ct.ThrowIfCancellationRequested();
        }
    }

    private int ReadBlocking(Span<byte> destination)
    {
        var total = 0;
        do
        {
            var read = _file.Read(destination[total..]);
            if (read == 0)
            {
                break;
            }

            total += read;
        }
        while (destination.Length >= WholeReadBytes && total < destination.Length);

        return total;
    }

    private int WriteBlocking(ReadOnlySpan<byte> source)
    {
        _file.Write(source);
        return source.Length;
    }
}
