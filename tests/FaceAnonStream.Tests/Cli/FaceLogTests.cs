using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class FaceLogTests : IDisposable
{
    private static readonly TrackedFace Face = new(3, new RectF(1.26f, -2, 30, 40.5f), Evidence.Observed, 0.9f);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Complete_SomeFrames_HoldsOneLineForEachThatHasFaces()
    {
        var path = _folder.Write("faces.jsonl", [.. "old"u8]);
        using (var log = FaceLog.Create(path))
        {
            log.Add(Receipt(0));
            log.Add(Receipt(1, new FaceOutcome(Face, OutcomeKind.Synthetic)));
            log.Add(Receipt(2, new FaceOutcome(Face with { Evidence = Evidence.Filled }, OutcomeKind.Mosaic, FallbackReason.TooSmall)));
            File.ReadAllText(path).ShouldBe("old");
            log.Complete();
        }

        File.ReadAllText(path).ShouldBe("""
            {"frame":1,"pts":10,"faces":[{"track":3,"box":[1.3,-2,30,40.5],"cover":"synthetic","observed":true}]}
            {"frame":2,"pts":20,"faces":[{"track":3,"box":[1.3,-2,30,40.5],"cover":"mosaic","observed":false,"fallback":"tooSmall"}]}

            """);
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Dispose_NotComplete_LeavesNothing()
    {
        using (var log = FaceLog.Create(_folder.File("faces.jsonl")))
        {
            log.Add(Receipt(1, new FaceOutcome(Face, OutcomeKind.Solid)));
        }

        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public void Create_FolderMissing_IsASinkFault() =>
        Should.Throw<FaultException>(() => FaceLog.Create(_folder.File("none/faces.jsonl"))).Origin.ShouldBe(FaultOrigin.Sink);

    private static FrameReceipt Receipt(long index, params FaceOutcome[] faces) =>
        new(index, 10 * index, 0, new FrameOutcome(OutcomeKind.NoFace, faces, null));
}
