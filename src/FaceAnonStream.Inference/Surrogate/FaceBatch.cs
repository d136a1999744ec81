namespace FaceAnonStream.Inference.Surrogate;

/// <summary>Memory for the faces of one call of a <see cref="SurrogateGenerator"/>: what goes in and what comes out.</summary>
public sealed class FaceBatch
{
    private readonly float[] _contexts;
    private readonly float[] _landmarks;
    private readonly float[] _latents;
    private readonly float[] _details;
    private readonly float[] _faces;
    private readonly float[] _masks;

    internal FaceBatch(int capacity, int size, int points, int latentLength, int bands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        Size = size;
        _contexts = new float[capacity * 3 * size * size];
        _landmarks = new float[capacity * points * 2];
        _latents = new float[capacity * latentLength];
        _details = new float[capacity * bands];
        _details.AsSpan().Fill(-1);
        _faces = new float[_contexts.Length];
        _masks = new float[capacity * size * size];
    }

    /// <summary>Most faces of a call.</summary>
    public int Capacity { get; }

    /// <summary>Width and height of a crop in pixels.</summary>
    public int Size { get; }

    /// <summary>In: a face's crop of the picture, [3, S, S], RGB, 0 to 1.</summary>
    public Span<float> Context(int face) => Part(_contexts, face);

    /// <summary>In: x and y of each landmark in crop sides; pixel j has its centre at (j + 0.5) / S.</summary>
    public Span<float> Landmarks(int face) => Part(_landmarks, face);

    /// <summary>In: who the face becomes.</summary>
    public Span<float> Latent(int face) => Part(_latents, face);

    /// <summary>In: how strong each band of detail shall be, from fine to coarse: RMS of the luma, 0 to 1. Below 0, as it
    /// is at first: as strong as in the context.</summary>
    public Span<float> Detail(int face) => Part(_details, face);

    /// <summary>Out: the synthetic face, [3, S, S], RGB, 0 to 1.</summary>
    public ReadOnlySpan<float> Face(int face) => Part(_faces, face);

    /// <summary>Out: the share of the synthetic face in each pixel, [S, S], 0 to 1.</summary>
    public ReadOnlySpan<float> Mask(int face) => Part(_masks, face);

    internal ReadOnlySpan<float> Contexts(int count) => First(_contexts, count);

    internal ReadOnlySpan<float> LandmarkSets(int count) => First(_landmarks, count);

    internal ReadOnlySpan<float> Latents(int count) => First(_latents, count);

    internal ReadOnlySpan<float> Details(int count) => First(_details, count);

    internal Span<float> Faces(int count) => First(_faces, count);

    internal Span<float> Masks(int count) => First(_masks, count);

    private Span<float> Part(float[] all, int face)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)face, (uint)Capacity, nameof(face));
        var length = all.Length / Capacity;
        return all.AsSpan(face * length, length);
    }

    private Span<float> First(float[] all, int count) => all.AsSpan(0, all.Length / Capacity * count);
}
