using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>
/// Who people become: the same key and the same name of a recording make the same people again, picture by picture; any
/// other key or name, and no key at all, makes others.
/// </summary>
public sealed class IdentityRunTests : IDisposable
{
    private static readonly SceneOptions Scene = new()
    {
        Width = 320,
        Height = 180,
        FrameRate = new Rational(10, 1),
        DurationSeconds = 1.5,
        People = 2,
        Seed = 6,
    };

    private const int Rounding = 1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_SameKeyAndName_MakesTheSamePictures()
    {
        var key = Key(1);
        var first = await RunAsync("street.mp4", "--key", key);
        var second = await RunAsync("street.mp4", "--key", key);
        second.Frames.Count.ShouldBe(first.Frames.Count);
        for (var i = 0; i < first.Frames.Count; i++)
        {
            AreAlike(first.Frames[i], second.Frames[i]).ShouldBeTrue($"frame {i}");
        }
    }

    [Fact]
    public async Task Run_AnythingElse_MakesOtherPeople()
    {
        var key = Key(1);
        RawClip[] runs =
        [
            await RunAsync("street.mp4", "--key", key),
            await RunAsync("street.mp4", "--key", Key(2)),
            await RunAsync("square.mp4", "--key", key),
            await RunAsync("street.mp4"),
            await RunAsync("street.mp4"),
        ];
        foreach (var (a, b) in from a in Enumerable.Range(0, runs.Length) from b in Enumerable.Range(0, a) select (a, b))
        {
            // Somebody is drawn in most frames.
            var same = Enumerable.Range(0, runs[a].Frames.Count).Count(i => AreAlike(runs[a].Frames[i], runs[b].Frames[i]));
            same.ShouldBeLessThan(runs[a].Frames.Count / 2, $"runs {a} and {b}");
        }
    }

    /// <summary>Faces that are drawn together in one run and apart in another may differ in a float's last bits.</summary>
    private static bool AreAlike(byte[] a, byte[] b) => a.Zip(b).All(samples => Math.Abs(samples.First - samples.Second) <= Rounding);

    private string Key(int seed)
    {
        var bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        return _folder.Write($"key{seed}", bytes);
    }

    /// <summary>A lossless run of the scene under a name of its own.</summary>
    private async Task<RawClip> RunAsync(string name, params string[] arguments)
    {
        var input = _folder.File(name);
        File.Copy(await SceneClips.EncodeAsync(Scene), input, overwrite: true);
        var output = _folder.File("out.mkv");
        var result = await Faceanon.RunBareAsync(["run", input, output, "--overwrite", "--video-codec", "ffv1", .. arguments]);
        result.ExitCode.ShouldBe(0, result.Error);
        return await RawClip.DecodeAsync(output);
    }
}
