using FaceAnonStream.Detection;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Cli;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Telemetry.Receipts;

namespace FaceAnonStream.Tests.Telemetry;

public sealed class StreamTelemetryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StreamTelemetry _stream;

    public StreamTelemetryTests() => _stream = new StreamTelemetry($"numbers-{Guid.NewGuid():n}", _time);

    public void Dispose() => _stream.Dispose();

    [Fact]
    public void Numbers_Fresh_AreZeroAndConnecting() =>
        _stream.Numbers.ShouldBe(new StreamNumbers(EndState.Connecting, EndState.Connecting, null, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    [Fact]
    public void Dropped_AtTheEntrance_CountsAsReadToo()
    {
        _stream.FrameDecoded();
        _stream.Dropped(DropReason.Backlog);
        _stream.Dropped(DropReason.NoMemory);
        (_stream.Numbers.FramesIn, _stream.Numbers.FramesDropped, _stream.Numbers.FramesOut).ShouldBe((3, 2, 0));
    }

    [Fact]
    public void Booked_SinkAway_IsNotWrittenAndNeverWas()
    {
        _stream.Dropped(DropReason.SinkAway);
        _stream.Dropped(DropReason.SinkAway);
        long[] written = [.. Enumerable.Range(0, 4).Select(i =>
        {
            _stream.Booked(Frame(i, 0, OutcomeKind.NoFace));
            return _stream.Numbers.FramesOut;
        })];
        written.ShouldBe([0, 0, 1, 2]);
        _stream.Numbers.FramesIn.ShouldBe(0);
    }

    [Fact]
    public void Booked_LiveFrame_GivesItsLatency()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var arrived = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(480));
        _stream.Booked(Frame(0, arrived, OutcomeKind.NoFace));
        _stream.Numbers.LatencyMs.ShouldBe(480, 1e-6);
        _stream.Booked(Frame(1, 0, OutcomeKind.NoFace));
        _stream.Numbers.LatencyMs.ShouldBe(480, 1e-6);
    }

    [Fact]
    public void Booked_Faces_AreCountedByWhatBecameOfThem()
    {
        _stream.Booked(Frame(0, 0, OutcomeKind.Mosaic, Face(1), Face(3, Evidence.Filled, OutcomeKind.Mosaic, FallbackReason.TooSmall)));
        _stream.Booked(Frame(1, 0, OutcomeKind.WholeFrame, Face(1, kind: OutcomeKind.WholeFrame)));
        (_stream.Numbers.FacesCovered, _stream.Numbers.FacesFallen, _stream.Numbers.WholeFrames).ShouldBe((3, 1, 1));
        (_stream.Predicted, _stream.Tracks).ShouldBe((1, 3));
        _stream.FacesPredicted[(int)OutcomeKind.Mosaic].ShouldBe(1);
    }

    [Fact]
    public void Began_JobAfterAnother_IsARestartAndItsTracksAreNew()
    {
        var first = new RunningJob(() => 2, []);
        _stream.Began(first);
        _stream.Booked(Frame(0, 0, OutcomeKind.Solid, Face(2)));
        _stream.Numbers.LiveTracks.ShouldBe(2);
        _stream.Ended(first);
        (_stream.IsRunning, _stream.Numbers.LiveTracks, _stream.Restarts).ShouldBe((false, 0, 0L));

        _stream.Began(new RunningJob(() => 1, []));
        _stream.Booked(Frame(0, 0, OutcomeKind.Solid, Face(1)));
        _stream.Ended(first);
        (_stream.IsRunning, _stream.Restarts, _stream.Tracks, _stream.GapFrames).ShouldBe((true, 1L, 3L, 0L));
    }

    [Fact]
    public void Changed_UpAgain_IsAReconnect()
    {
        _stream.Changed(StreamEnd.Source, EndState.Away, "refused");
        _stream.Changed(StreamEnd.Source, EndState.Up, null);
        _stream.Numbers.Reconnects.ShouldBe(0);
        _stream.Changed(StreamEnd.Source, EndState.Away, "no frame for 3 s");
        _stream.Changed(StreamEnd.Source, EndState.Connecting, null);
        (_stream.Numbers.Source, _stream.Numbers.Problem).ShouldBe((EndState.Connecting, "no frame for 3 s"));
        _stream.Changed(StreamEnd.Source, EndState.Up, null);
        _stream.Changed(StreamEnd.Source, EndState.Up, null);
        _stream.Changed(StreamEnd.Sink, EndState.Up, null);
        (_stream.Numbers.Source, _stream.Numbers.Problem, _stream.Numbers.Reconnects).ShouldBe((EndState.Up, null, 1L));
    }

    [Fact]
    public void Uses_SameModelElsewhere_IsSaidOnce()
    {
        _stream.Uses(InferenceTask.Detection, new ModelIdentity("a.onnx", "1", "CUDA"));
        _stream.Uses(InferenceTask.Landmarks, new ModelIdentity("a.onnx", "1", "CUDA"));
        _stream.Uses(InferenceTask.Detection, new ModelIdentity("a.onnx", "1", "CPU"));
        _stream.Models.Select(use => $"{use.Task} {use.Model.Provider}").ShouldBe(["Landmarks CUDA", "Detection CPU"]);
        for (var i = 0; i < 100; i++)
        {
            _stream.Uses(InferenceTask.Generation, new ModelIdentity($"{i}.onnx", "1", "CPU"));
        }

        _stream.Models.Count.ShouldBe(8);
    }
}
