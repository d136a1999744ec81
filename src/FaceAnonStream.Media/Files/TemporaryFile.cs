using System.Security.Cryptography;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Media.Files;

/// <summary>A file that is not yet what its name will promise.</summary>
public static class TemporaryFile
{
    /// <summary>Creates an empty hidden file in the output's own folder, so that publishing is one rename.</summary>
    public static string CreateBeside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporaryPath = Path.Combine(folder, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.partial");
        try
        {
            using var file = new FileStream(temporaryPath, FileMode.CreateNew, FileAccess.Write);
            return temporaryPath;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Sink, $"{path}: cannot be written ({exception.Message})", exception);
        }
    }

    /// <summary>Makes a finished file durable and gives it its name.</summary>
    public static void Publish(string temporaryPath, string path, bool overwrite)
    {
        try
        {
            FlushToDisk(temporaryPath);
            File.Move(temporaryPath, path, overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Sink, $"{path}: cannot be written ({exception.Message})", exception);
        }
    }

    /// <summary>Waits until what a file holds is on the disk.</summary>
    internal static void FlushToDisk(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }
}
