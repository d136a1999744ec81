namespace FaceAnonStream.Identity;

/// <summary>Latents that an identity can be averaged from.</summary>
public sealed class LatentPool
{
    private readonly float[][] _members;
    private readonly float[] _mean;

    /// <param name="members">At least one, all of one length.</param>
    public LatentPool(float[][] members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfZero(members.Length, nameof(members));
        _members = members;
        _mean = MeanOf(members);
        Spread = MathF.Sqrt(members.Average(member => LatentDistance.Squared(member, _mean)));
    }

    /// <summary>Latents to choose from.</summary>
    public int Count => _members.Length;

    /// <summary>Numbers of a latent.</summary>
    public int LatentLength => _mean.Length;

    /// <summary>Root mean square distance of the members from their mean.</summary>
    public float Spread { get; }

    /// <summary>
    /// The latent of one identity: m + gamma (mean of the chosen - m), with m the mean of all. The mean of k is nearer to m
    /// than a member is by the root of k, so that without gamma all identities would look alike.
    /// </summary>
    /// <param name="randoms">One number for each member to choose; the same numbers choose the same members, each at most
    /// once. Uniform numbers choose all sets of members equally often, to one part in 2^50.</param>
    /// <param name="gamma">How far the mean is pushed away from the mean of all, above 0.</param>
    public float[] Mix(ReadOnlySpan<ulong> randoms, float gamma)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randoms.Length, Count, nameof(randoms));
        var order = Enumerable.Range(0, Count).ToArray();
        var sum = new float[LatentLength];
        for (var k = 0; k < randoms.Length; k++)
        {
            var chosen = k + (int)Math.BigMul(randoms[k], (ulong)(Count - k), out _);
            (order[k], order[chosen]) = (order[chosen], order[k]);
            AddTo(sum, _members[order[k]]);
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = _mean[i] + (gamma * ((sum[i] / randoms.Length) - _mean[i]));
        }

        return sum;
    }

    private static float[] MeanOf(float[][] members)
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
