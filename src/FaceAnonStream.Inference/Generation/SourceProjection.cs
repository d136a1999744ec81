using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Generation;

/// <summary>Makes a face-swap graph's source from a latent: times a matrix, if there is one, and scaled to length 1.</summary>
internal sealed class SourceProjection
{
    private readonly float[][]? _matrix;
    private readonly int _latentLength;

    /// <param name="model">How errors call the generator.</param>
    /// <param name="latentLength">Numbers of a latent.</param>
    /// <param name="matrix">A row for each of them; null leaves them as they are.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: the matrix has another number of rows.</exception>
    public SourceProjection(string model, int latentLength, float[][]? matrix)
    {
        if (matrix is not null && matrix.Length != latentLength)
        {
            throw new FaultException(FaultOrigin.Model, $"{model}: projection has {matrix.Length} rows; expected {latentLength}, as a latent has numbers");
        }

        _matrix = matrix;
        _latentLength = latentLength;
        SourceLength = matrix?[0].Length ?? latentLength;
    }

    /// <summary>Numbers of a source.</summary>
    public int SourceLength { get; }

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: the latent has no direction.</exception>
    public void Apply(ReadOnlySpan<float> latent, Span<float> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(latent.Length, _latentLength, nameof(latent));
        if (_matrix is null)
        {
            latent.CopyTo(source);
        }
        else
        {
            source.Clear();
            for (var row = 0; row < latent.Length; row++)
            {
                for (var column = 0; column < source.Length; column++)
                {
                    source[column] += latent[row] * _matrix[row][column];
                }
            }
        }

        Normalize(source);
    }

    private static void Normalize(Span<float> source)
    {
        var square = 0f;
        foreach (var value in source)
        {
            square += value * value;
        }

        if (!(square > 0 && float.IsFinite(square)))
        {
            throw new FaultException(FaultOrigin.Model, "a latent without a direction cannot be a source");
        }

        foreach (ref var value in source)
        {
            value /= MathF.Sqrt(square);
        }
    }
}
