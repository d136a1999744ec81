using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>Where the bytes of an ONNX model come from.</summary>
public abstract class ModelSource
{
    /// <summary>How reports and errors call the model.</summary>
    public abstract string Name { get; }

    /// <summary>The whole ONNX file.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: it cannot be read.</exception>
    public abstract byte[] Read();
}

/// <summary>A model that lies in a file.</summary>
public sealed class ModelFile(string path) : ModelSource
{
    public string FilePath { get; } = path;

    public override string Name => Path.GetFileName(FilePath);

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
