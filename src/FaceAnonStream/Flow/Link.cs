using System.Threading.Channels;

namespace FaceAnonStream.Flow;

/// <summary>A bounded queue between two stages that owns every queued item: whatever is not received is disposed.</summary>
public sealed class Link<T>
    where T : class, IDisposable
{
    private readonly Channel<T> _channel;
    private readonly TimeProvider? _time;
    private volatile bool _abandoned;

    /// <param name="capacity">Items queued at most, at least 1.</param>
    /// <param name="time">Measures how long the writer waits; null leaves it unmeasured.</param>
    public Link(int capacity, TimeProvider? time = null)
    {
        _time = time;
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
        {
            SingleReader = true,
            SingleWriter = true,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Items in the queue now.</summary>
    public int Count => _channel.Reader.Count;

    /// <summary>How long the writer has waited for room so far, in timestamp ticks. To be read by the writer.</summary>
    public long WaitedTicks { get; private set; }

    /// <summary>Queues an item, waiting for room. Consumes it: on any failure it is disposed.</summary>
    /// <exception cref="LinkAbandonedException">The reader is gone.</exception>
    public async ValueTask SendAsync(T item, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            if (ct.IsCancellationRequested || !_channel.Writer.TryWrite(item))
            {
                var start = _time?.GetTimestamp() ?? 0;
                await _channel.Writer.WriteAsync(item, ct).ConfigureAwait(false);
                WaitedTicks += _time is null ? 0 : _time.GetTimestamp() - start;
            }
        }
        catch (Exception exception)
        {
            item.Dispose();
            if (exception is ChannelClosedException && _abandoned)
            {
                throw new LinkAbandonedException();
            }

            throw;
        }

        // The reader may have left between the write and here: then nobody else will dispose what is queued.
        if (_abandoned)
        {
            DisposeQueued();
        }
    }

    /// <summary>The next item, which the caller now owns, or null at the end. Queued items come before the writer's fault.</summary>
    public async ValueTask<T?> ReceiveAsync(CancellationToken ct)
    {
        while (await _channel.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            if (_channel.Reader.TryRead(out var item))
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Nothing more will be sent. The reader sees <paramref name="fault"/> after the queued items.</summary>
    public void Complete(Exception? fault = null) => _channel.Writer.TryComplete(fault);

    /// <summary>Nothing more will be received: disposes what is queued and makes the writer fail.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _channel.Writer.TryComplete();
        DisposeQueued();
    }

    private void DisposeQueued()
    {
        while (_channel.Reader.TryRead(out var item))
        {
            item.Dispose();
        }
    }
}

/// <summary>The stage behind a link stopped; its own fault is the one to report.</summary>
public sealed class LinkAbandonedException() : Exception("the next stage stopped");
