namespace FaceAnonStream.Identity;

/// <summary>
/// Faces of people who do not exist, as latents of the generator that they were made for, and the shape model that goes
/// with them. An identity is drawn from it as an average of several members, so that it is none of them.
/// </summary>
public sealed class SurrogateGallery
{
    private readonly float[][] _members;
    private readonly float[] _mean;
    private readonly int _membersPerDraw;
    private readonly float _gamma;

    /// <param name="members">Latents to draw from, at least <paramref name="membersPerDraw"/>, all of one length.</param>
    /// <param name="membersPerDraw">k: how many an identity is the mean of.</param>
    /// <param name="gamma">How far a draw is pushed away from the mean of all, above 0.</param>
    /// <param name="shape">The shape model.</param>
    /// <param name="points">Index of each landmark in the 468-point topology.</param>
    public SurrogateGallery(float[][] members, int membersPerDraw, float gamma, FaceShape shape, IReadOnlyList<int> points)
    {
        _members = members;
        _mean = Mean(members);
        _membersPerDraw = membersPerDraw;
        _gamma = gamma;
        Shape = shape;
        Points = points;
    }

    /// <summary>Latents to draw from.</summary>
    public int Count => _members.Length;

    /// <summary>Numbers of a latent.</summary>
    public int LatentLength => _mean.Length;

    public FaceShape Shape { get; }

    /// <summary>Index of each landmark in the 468-point topology.</summary>
    public IReadOnlyList<int> Points { get; }

    /// <summary>
    /// The latent of one identity: m + gamma (mean of k members - m), with m the mean of all. Averaging k draws shrinks
    /// what tells faces apart by the root of k; gamma gives most of it back.
    /// </summary>
    /// <param name="seed">Who: the same seed gives the same identity. Take it from a keyed hash, never from a face.</param>
    public float[] Draw(ulong seed)
    {
        var random = new SplitMix64(seed);
        var order = Enumerable.Range(0, Count).ToArray();
        var sum = new float[LatentLength];
        for (var k = 0; k < _membersPerDraw; k++)
        {
            var chosen = k + random.NextBelow(Count - k);
            (order[k], order[chosen]) = (order[chosen], order[k]);
            AddTo(sum, _members[order[k]]);
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = _mean[i] + (_gamma * ((sum[i] / _membersPerDraw) - _mean[i]));
        }

        return sum;
    }

    private static float[] Mean(float[][] members)
    {
        var sum = new float[members[0].Length];
        foreach (var member in members)
        {
            AddTo(sum, member);
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] /= members.Length;
        }

        return sum;
    }

    private static void AddTo(float[] sum, float[] values)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }
}
