using FaceAnonStream.Tests.Kit;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A file system that is soon full. It takes the right to mount one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private TinyDisk(string root) => Root = root;

    public string Root { get; }

    public static async Task<TinyDisk> MountAsync(string root, int kilobytes)
    {
        Directory.CreateDirectory(root);
        var result = await Command.TryAsync("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", root);
        Assert.False(result.ExitCode != 0 && Environment.GetEnvironmentVariable("CI") == "true", $"CI must mount file systems: {result.Error.Trim()}");
        Assert.SkipUnless(result.ExitCode == 0, $"needs the right to mount a file system: {result.Error.Trim()}");
        return new TinyDisk(root);
    }

    /// <summary>Writes zeros until there is no room.</summary>
    public static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full, as asked.
        }
    }

    public void Dispose() => Command.TryAsync("umount", "-l", Root).GetAwaiter().GetResult();
}
