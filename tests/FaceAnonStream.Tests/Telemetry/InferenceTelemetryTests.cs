using System.Diagnostics.Metrics;
using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Generation;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Inference.Landmarks;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Models;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Inference;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Telemetry;

/// <summary>What one call of each model was given. Models name no stream, so other tests would be heard too: alone.</summary>
[Collection(nameof(InferenceTelemetryTests))]
[CollectionDefinition(nameof(InferenceTelemetryTests), DisableParallelization = true)]
public sealed class InferenceTelemetryTests : IDisposable
{
    private readonly List<string> _batches = [];
    private readonly MeterListener _listener;

    public InferenceTelemetryTests()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == StreamTelemetry.MeterName && instrument.Name == "faceanon.model.batch.size")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            lock (_batches)
            {
                _batches.Add($"{tags[0].Key}={tags[0].Value} {value}");
            }
        });
        _listener.Start();
    }

    private static ModelCatalog Embedded => new(new ModelFolders([]));

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Detect_Frames_TellsThePicturesOfEachCall()
    {
        using var pictures = await Pictures.GreyAsync(320, 240);
        var options = new DetectOptions { Threads = 1, BatchSize = 2 };
        using var detector = new YuNetDetector(Embedded.Resolve(ModelTask.FaceDetection, null).Graph, options, ProviderPreference.Cpu);
        var frame = pictures.Frames[0];
        await detector.DetectAsync([frame, frame, frame], CancellationToken.None);
        _batches.ShouldBe(["task=detection 2", "task=detection 1"]);
    }

    [Fact]
    public async Task Read_Faces_TellsTheFacesOfEachCall()
    {
        using var pictures = await Pictures.GreyAsync(320, 240);
        using var net = ParallelLandmarkNet.Load(
            Embedded.Resolve(ModelTask.FaceLandmarks, null),
            new OnnxSessionOptions { Threads = 1, Provider = ProviderPreference.Cpu },
            TimeSpan.FromMinutes(1),
            TimeProvider.System);
        var square = new FaceSquare(new Vector2(100, 100), 60, 0);
        await net.ReadAsync(pictures.Frames[0], [square, square, square], CancellationToken.None);
        _batches.ShouldBe(["task=landmarks 3"]);
    }

    [Fact]
    public async Task Draw_FacesOfTwoStreams_TellsTheSharedBatch()
    {
        var crops = new CropPool(8);
        using var batcher = new FaceBatcher([new Lane()], new BatchLimits(2, TimeSpan.FromMinutes(1)), crops, 1, TimeProvider.System);
        var drawn = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => batcher.DrawAsync(crops.Rent(1), CancellationToken.None))));
        Array.ForEach(drawn, face => face.Dispose());
        _batches.ShouldBe(["task=generation 2"]);
    }

    private sealed class Lane : IFaceLane
    {
        public Task RunAsync(IReadOnlyList<ReadOnlyMemory<float>> inputs, IReadOnlyList<Memory<float>> outputs, CancellationToken ct) =>
            Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
