using FaceAnonStream.Tests.Kit;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A file that nobody can delete or rename, as it is a mount point. It takes the right to mount one.</summary>
internal sealed class PinnedFile : IDisposable
{
    private readonly string _path;

    private PinnedFile(string path) => _path = path;

    public static async Task<PinnedFile> MountAsync(string path)
    {
        var result = await Command.TryAsync("mount", "--bind", path, path);
        Assert.False(result.ExitCode != 0 && Environment.GetEnvironmentVariable("CI") == "true", $"CI must mount files: {result.Error.Trim()}");
        Assert.SkipUnless(result.ExitCode == 0, $"needs the right to mount a file: {result.Error.Trim()}");
        return new PinnedFile(path);
    }

    public void Dispose() => Command.TryAsync("umount", "-l", _path).GetAwaiter().GetResult();
}
