using FaceAnonStream.Faults;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Media.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Muxing;

public sealed class TeeSinkTests : IDisposable
{
    private readonly SinkRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Write_Frame_ReachesTheSinkFirstAndThenTheTap()
    {
        var sink = new MemorySink();
        var tap = new Tap(sink);
        await using var tee = new TeeSink(sink, tap);
        for (var index = 0; index < 3; index++)
        {
            using var frame = await _rig.FrameAsync(index);
            await tee.WriteAsync(frame, CancellationToken.None);
        }

        await tee.CompleteAsync(CancellationToken.None);
        tap.Seen.ShouldBe([(0, 1), (1, 2), (2, 3)]);
        sink.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Write_SinkFails_TheTapGetsNothing()
    {
        var sink = new MemorySink(failAt: 0);
        var tap = new Tap(sink);
        await using var tee = new TeeSink(sink, tap);
        using var frame = await _rig.FrameAsync(0);
        await Should.ThrowAsync<FaultException>(async () => await tee.WriteAsync(frame, CancellationToken.None));
        tap.Seen.ShouldBeEmpty();
    }

    private sealed class Tap(MemorySink sink) : IFrameTap
    {
        public List<(long Index, int InSink)> Seen { get; } = [];

        public void Offer(AnonymizedFrame frame) => Seen.Add((frame.Index, sink.Frames.Count));
    }
}
