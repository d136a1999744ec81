using System.Threading.Channels;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// Where pictures become frames of a stream, or are dropped whole: numbers them without holes, puts them on the output's
/// time line, and queues what is let in. One caller at a time, one reader.
/// </summary>
internal sealed class LiveEntrance
{
    private readonly FramePool _pool;
    private readonly LatencyGate _gate;
    private readonly IStreamEvents _events;
    private readonly TimeProvider _time;
    private readonly LiveClock _clock;
    private readonly SolidColor _slate;
    private readonly Channel<VideoFrame> _queue;
    private readonly byte[] _scratch;
    private long _nextIndex;

    public LiveEntrance(FramePool pool, LatencyGate gate, string slateColor, IStreamEvents events, TimeProvider time)
    {
        _pool = pool;
        _gate = gate;
        _events = events;
        _time = time;
        _clock = new LiveClock(time);
        _slate = SolidColor.FromHex(slateColor, pool.Format);
        _scratch = GC.AllocateUninitializedArray<byte>(pool.Format.SizeBytes);

        // Whatever is queued is a frame of the pool, so there is always room.
        _queue = Channel.CreateBounded<VideoFrame>(new BoundedChannelOptions(pool.Capacity) { SingleReader = true, SingleWriter = true });
    }

    public ChannelReader<VideoFrame> Queue => _queue.Reader;

    /// <summary>Reads a picture, whether there is room for it or not: the decoder never waits for us.</summary>
    /// <param name="picture">Its time.</param>
    /// <param name="read">Reads its samples.</param>
    public async Task TakeAsync(ArrivingPicture picture, Func<Memory<byte>, Task> read)
    {
        var arrivedAt = _time.GetTimestamp();
        var pts = _clock.Next(picture.Pts, picture.TimeBase, arrivedAt);
        var frame = _pool.TryRent(_nextIndex, pts, LiveClock.TimeBase, arrivedAt);
        try
        {
            await read(frame?.Memory ?? _scratch).ConfigureAwait(false);
        }
        catch
        {
            frame?.Dispose();
            throw;
        }

        if (frame is null)
        {
            _events.Dropped(DropReason.NoMemory);
        }
        else if (!TryQueue(frame))
        {
            _events.Dropped(DropReason.Backlog);
        }
    }

    /// <summary>Gives a picture of one colour, unless there is no room for it: then later pictures are on their way anyway.</summary>
    public void TakeSlate()
    {
        var now = _time.GetTimestamp();
        var pts = _clock.NextSlate(now);
        if (_pool.TryRent(_nextIndex, pts, LiveClock.TimeBase, now) is { } frame)
        {
            for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
            {
                PlaneFill.Fill(frame.Plane8(plane), (byte)_slate[plane]);
            }

            TryQueue(frame);
        }
    }

    /// <summary>The source was lost.</summary>
    public void Interrupt() => _clock.Interrupt();

    /// <summary>Nothing more comes. The reader sees <paramref name="fault"/> after what is queued.</summary>
    public void Close(Exception? fault) => _queue.Writer.TryComplete(fault);

    /// <summary>Consumes the frame.</summary>
    private bool TryQueue(VideoFrame frame)
    {
        // Last of all: what came in must leave again, and nothing can fail from here on.
        if (_gate.TryEnter(frame.ArrivedAt))
        {
            _nextIndex++;
            return _queue.Writer.TryWrite(frame);
        }

        frame.Dispose();
        return false;
    }
}
