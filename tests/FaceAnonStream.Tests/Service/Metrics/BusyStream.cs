using FaceAnonStream.Detection;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Cli;
using FaceAnonStream.Tracking;
using static FaceAnonStream.Tests.Telemetry.Receipts;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>A stream to which a little of everything has happened.</summary>
internal static class BusyStream
{
    /// <summary>Frames booked; one of them did not reach the sink, and two more were dropped before.</summary>
    public const int Frames = 8;

    /// <summary>Half of the frames take 0.41 s, half 0.46 s.</summary>
    /// <param name="name">Begins the stream's name.</param>
    public static StreamTelemetry Start(string name)
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromSeconds(10));
        var stream = new StreamTelemetry($"{name}-{Guid.NewGuid():n}", time);
        stream.Began(new RunningJob(() => 2, [.. Enum.GetValues<LinkName>().Select<LinkName, Func<int>?>(link => () => (int)link)]));
        stream.Changed(StreamEnd.Source, EndState.Up, null);
        stream.Changed(StreamEnd.Source, EndState.Away, "gone");
        stream.Changed(StreamEnd.Source, EndState.Up, null);
        stream.Changed(StreamEnd.Sink, EndState.Up, null);
        stream.Uses(InferenceTask.Detection, new ModelIdentity("face.onnx", "0", "CPU"));
        stream.Uses(InferenceTask.Landmarks, new ModelIdentity("points.onnx", "0", "CPU"));
        stream.Uses(InferenceTask.Generation, new ModelIdentity("draw.onnx", "0", "CPU"));
        stream.Dropped(DropReason.Backlog);
        stream.Dropped(DropReason.NoMemory);
        stream.Dropped(DropReason.SinkAway);
        stream.DetectorFailed();
        stream.GeneratorFailed();
        for (var i = 0; i < Frames; i++)
        {
            stream.FrameDecoded();
            foreach (var stage in Enum.GetValues<StageName>().Where(stage => stage != StageName.Demux))
            {
                stream.Meter(stage).Worked(time.GetTimestamp() - (i * TimeSpan.TicksPerMillisecond), 0);
            }

            var arrived = time.GetTimestamp();
            time.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 410 : 460));
            stream.Booked(Frame(i, arrived, OutcomeKind.Mosaic, Face(1), Face(2, Evidence.Filled, OutcomeKind.Mosaic, FallbackReason.TooSmall)));
        }

        foreach (var task in Enum.GetValues<InferenceTask>())
        {
            InferenceTelemetry.BatchRan(task, 3);
        }

        return stream;
    }
}
