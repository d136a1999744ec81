using System.Numerics.Tensors;

namespace FaceAnonStream.Evaluation.Metrics;

/// <summary>Decides which tracks show the same person.</summary>
public static class PersonLinking
{
    /// <summary>Mean embeddings of two tracks that lie closer than this show one person.</summary>
    public const float SamePerson = 0.4f;

    /// <summary>
    /// Goes through the tracks in order: each joins the person whose nearest track is nearest of all, when that is near
    /// enough and no track of that person is seen at once with it, and is somebody new otherwise.
    /// </summary>
    /// <param name="means">Unit vector of each track: the direction of its mean embedding.</param>
    /// <param name="seenAtOnce">Whether two tracks share a frame: then they show two people, however alike.</param>
    /// <returns>A person for each track, numbered from 0.</returns>
    public static int[] Link(IReadOnlyList<float[]> means, Func<int, int, bool> seenAtOnce)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(seenAtOnce);
        var people = new List<List<int>>();
        var personOf = new int[means.Count];
        for (var track = 0; track < means.Count; track++)
        {
            var (nearest, cosine) = (-1, SamePerson);
            for (var person = 0; person < people.Count; person++)
            {
                var best = people[person].Max(other => TensorPrimitives.Dot<float>(means[track], means[other]));
                if (best > cosine && !people[person].Exists(other => seenAtOnce(track, other)))
                {
                    (nearest, cosine) = (person, best);
                }
            }

            if (nearest < 0)
            {
                nearest = people.Count;
                people.Add([]);
            }

            people[nearest].Add(track);
            personOf[track] = nearest;
        }

        return personOf;
    }

    /// <summary>The direction of the mean of vectors, as a unit vector.</summary>
    /// <param name="vectors">At least one.</param>
    public static float[] MeanDirection(IReadOnlyList<float[]> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var sum = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            TensorPrimitives.Add(sum, vector, sum);
        }

        TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        return sum;
    }
}
