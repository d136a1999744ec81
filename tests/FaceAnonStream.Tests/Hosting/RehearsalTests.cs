using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class RehearsalTests
{
    private static readonly ModelCatalog Embedded = new(new ModelFolders([]));

    [Theory]
    [InlineData(PrivacyLevel.Natural)]
    [InlineData(PrivacyLevel.Strong)]
    public async Task Try_EmbeddedModels_DrawsWithEveryGraphAndReadsOnEveryLane(PrivacyLevel privacy)
    {
        var options = FaceAnonOptions.LiveDefaults with
        {
            Redact = new RedactOptions { Method = RedactionMethod.Synthetic, Privacy = privacy },
        };
        using var models = await SynthesisModels.LoadAsync(Embedded, new ModelPaths(null, null, null), keyPath: null, options, TimeProvider.System);
        var synthesis = models.For("nobody", options);
        var generator = new WatchedGenerator(synthesis.Generator);
        var landmarks = new FakeLandmarkNet(synthesis.Topology.Count, (_, _) => new LandmarkReading(default, 0));
        (await Rehearsal.TryAsync(() => synthesis with { Generator = generator, Landmarks = landmarks }, 3)).ShouldBeTrue();
        (await Rehearsal.TryAsync(() => synthesis, 3)).ShouldBeTrue();
        var manifest = (GenerationManifest)Embedded.Resolve(ModelTask.FaceGeneration, path: null).Manifest!;
        generator.Sizes.ShouldBe(manifest.Template.Sizes, ignoreOrder: true);
        landmarks.Calls.ShouldHaveSingleItem().Squares.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Try_GeneratorFails_SaysSoAndNothingElse()
    {
        var options = FaceAnonOptions.LiveDefaults;
        using var models = await SynthesisModels.LoadAsync(Embedded, new ModelPaths(null, null, null), keyPath: null, options, TimeProvider.System);
        var synthesis = models.For("nobody", options);
        var generator = new WatchedGenerator(synthesis.Generator) { Failure = new FaultException(FaultOrigin.Model, "no luck") };
        (await Rehearsal.TryAsync(() => synthesis with { Generator = generator }, 1)).ShouldBeFalse();
    }

    /// <summary>Models that are loaded stay loaded: it is for the stream to hear that it asked for too many members.</summary>
    [Fact]
    public async Task Try_PolicyCannotBe_SaysSoAndNothingElse() =>
        (await Rehearsal.TryAsync(() => throw new FaultException(FaultOrigin.Configuration, "identity.k"), 1)).ShouldBeFalse();

    /// <summary>Another generator, and the sizes of what it drew.</summary>
    private sealed class WatchedGenerator(IFaceGenerator generator) : IFaceGenerator
    {
        public HashSet<int> Sizes { get; } = [];

        public Exception? Failure { get; init; }

        public IReadOnlyList<ModelIdentity> Models => generator.Models;

        public IFacePainter Follow(PrivacyLevel privacy) => new Painter(this, generator.Follow(privacy));

        public void Dispose()
        {
        }

        private sealed class Painter(WatchedGenerator watched, IFacePainter painter) : IFacePainter
        {
            public async Task<FaceDrawing> DrawAsync(
                VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct)
            {
                var drawing = await painter.DrawAsync(frame, points, latent, ct);
                watched.Sizes.Add(drawing.Size);
                return watched.Failure is { } failure ? throw failure : drawing;
            }
        }
    }
}
