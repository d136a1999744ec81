using System.Security.Cryptography;
using FaceAnonStream.Faults;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>Where the bytes of one file of a model come from.</summary>
public abstract class ModelSource
{
    /// <summary>How reports and errors call it.</summary>
    public abstract string Name { get; }

    /// <summary>Its name in the model's folder.</summary>
    public virtual string FileName => Name;

    /// <summary>Lower-case hex hash that the model's manifest gives it; null without a manifest.</summary>
    public virtual string? Sha256 => null;

    /// <summary>The whole file.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: it cannot be read.</exception>
    public abstract byte[] Read();

    /// <summary>The whole file, and its hash.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: it cannot be read.</exception>
    public HashedFile ReadHashed()
    {
        var bytes = Read();
        return new HashedFile(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The whole file, and its hash, which is the manifest's where there is one.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: it cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is not the file that the manifest describes.</exception>
    public HashedFile ReadVerified()
    {
        var file = ReadHashed();
        return Sha256 is { } expected && expected != file.Sha256
            ? throw new FaultException(FaultOrigin.Model, $"{Name}: its SHA-256 is {file.Sha256}; its manifest is for {expected}")
            : file;
    }
}

/// <param name="Bytes">The whole file.</param>
/// <param name="Sha256">Their lower-case hex hash.</param>
public sealed record HashedFile(byte[] Bytes, string Sha256);

/// <summary>A file of a model on this machine.</summary>
public sealed class ModelFile(string path, string? sha256 = null) : ModelSource
{
    public string FilePath { get; } = path;

    public override string Name => Path.GetFileName(FilePath);

    public override string? Sha256 => sha256;

    public override byte[] Read()
    {
        try
        {
            return File.ReadAllBytes(FilePath);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(FaultOrigin.Configuration, $"{FilePath}: no such model file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                FaultOrigin.Configuration, $"{FilePath}: the model file cannot be read ({exception.Message})", exception);
        }
    }
}

/// <summary>A file of a model that is part of the program.</summary>
public sealed class EmbeddedFile(EmbeddedModel model, ManifestFile file) : ModelSource
{
    public override string Name => $"embedded {file.File}";

    public override string FileName => file.File;

    public override string? Sha256 => file.Sha256;

    public override byte[] Read()
    {
        using var stream = model.Open(file.File);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
