using System.Threading.Tasks.Sources;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

public sealed class NutAllocationTests
{
    private const int Packets = 1000;

    private static readonly NutStream[] Streams =
        [new NutStream(NutStreamClass.Video, 0x30323449, new Rational(1, 25)) { Width = 320, Height = 240 }];

    [Fact]
    public async Task Demux_ThousandPackets_AllocatesNothingPerPacket()
    {
        var payload = new byte[320 * 240 * 3 / 2];
        var pieces = Enumerable.Range(0, Packets + 10).Select(i => new NutPiece(0, i, IsKey: true, payload));
        var demuxer = new NutDemuxer(new MemoryStream(await NutKit.WriteAllAsync(Streams, pieces)));
        await demuxer.ReadHeaderAsync(default);
        await ReadAsync(demuxer, payload, packets: 10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await ReadAsync(demuxer, payload, Packets);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2048);
    }

    [Fact]
    public async Task Demux_EveryReadSuspends_AllocatesNothingPerPacket()
    {
        var payload = new byte[100];
        var pieces = Enumerable.Range(0, Packets + 10).Select(i => new NutPiece(0, i, IsKey: true, payload));
        var input = new SuspendingStream(await NutKit.WriteAllAsync(Streams, pieces));
        var demuxer = new NutDemuxer(input);
        await input.DriveAsync(demuxer.ReadHeaderAsync(default).AsTask());
        await input.DriveAsync(ReadAsync(demuxer, payload, packets: 10));

        var before = GC.GetAllocatedBytesForCurrentThread();
        await input.DriveAsync(ReadAsync(demuxer, payload, Packets));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2048);
        input.Suspensions.ShouldBeGreaterThan(Packets);
    }

    [Fact]
    public async Task Mux_ThousandPackets_AllocatesNothingPerPacket()
    {
        var payload = new byte[40_000];
        var muxer = new NutMuxer(Stream.Null, Streams);
        await muxer.WriteHeaderAsync(default);
        await WriteAsync(muxer, payload, from: 0, to: 10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await WriteAsync(muxer, payload, from: 10, to: Packets);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2048);
    }

    private static async Task ReadAsync(NutDemuxer demuxer, byte[] payload, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            (await demuxer.ReadPacketAsync(default)).HasValue.ShouldBeTrue();
            await demuxer.ReadPayloadAsync(payload, default);
        }
    }

    private static async Task WriteAsync(NutMuxer muxer, byte[] payload, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await muxer.WritePacketAsync(0, i, isKey: true, payload, default);
        }
    }

    /// <summary>Completes no read before the test lets it, and then on the test's own thread.</summary>
    private sealed class SuspendingStream(byte[] bytes) : MemoryStream(bytes), IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _source;
        private Memory<byte> _destination;
        private bool _pending;

        public int Suspensions { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _destination = buffer[..Math.Min(buffer.Length, 64)];
            _source.Reset();
            _pending = true;
            return new ValueTask<int>(this, _source.Version);
        }

        public async Task DriveAsync(Task work)
        {
            while (!work.IsCompleted && _pending)
            {
                _pending = false;
                Suspensions++;
                _source.SetResult(Read(_destination.Span));
            }

            work.IsCompleted.ShouldBeTrue();
            await work;
        }

        public int GetResult(short token) => _source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, ValueTaskSourceOnCompletedFlags.None);
    }
}
