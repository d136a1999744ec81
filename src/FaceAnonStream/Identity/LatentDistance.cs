namespace FaceAnonStream.Identity;

/// <summary>How far apart two latents are.</summary>
internal static class LatentDistance
{
    /// <summary>Squared Euclidean distance.</summary>
    public static float Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }
}
