using System.Numerics.Tensors;

namespace FaceAnonStream.Evaluation.Metrics;

/// <summary>A face as a recogniser sees it.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="Track">In which track.</param>
/// <param name="Frame">In which of its frames; a track has one face in a frame.</param>
/// <param name="Vector">Unit vector.</param>
public readonly record struct Embedding(int Person, int Track, int Frame, float[] Vector)
{
    /// <summary>Whether both show the same moment of the same face.</summary>
    public bool IsSameMoment(Embedding other) => Track == other.Track && Frame == other.Frame;
}

/// <summary>How well an attacker recognises people.</summary>
public record IdentityFigures
{
    /// <summary>Share of same-person pairs above <see cref="Threshold"/>: the mean over people, 0 to 1.</summary>
    public required double CalibratedMatch { get; init; }

    /// <summary>Null for one person.</summary>
    public required Interval? CalibratedMatchInterval { get; init; }

    /// <summary>Share of faces whose nearest person is the right one: the mean over people, 0 to 1.</summary>
    public required double Rank1 { get; init; }

    /// <summary>Null for one person.</summary>
    public required Interval? Rank1Interval { get; init; }

    /// <summary>What guessing would give for <see cref="Rank1"/>: one in as many people as there are.</summary>
    public required double Chance { get; init; }

    /// <summary>Of same-person pairs.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>How often a same-person pair lies above a pair of different people, 0 to 1.</summary>
    public required double Auc { get; init; }

    /// <summary>The cosine above which 1 % of the pairs of different people lie.</summary>
    public required double Threshold { get; init; }

    /// <summary>Whose faces were asked for.</summary>
    public required int People { get; init; }

    public required int Faces { get; init; }

    public required int SamePairs { get; init; }

    public required int DifferentPairs { get; init; }
}

/// <summary>
/// Judges by an attacker who has pictures of everybody, aligned as well as can be, and who sets the threshold where 1 % of
/// the pairs of different people match: on the very kind of pairs that are judged, because anonymised faces lie lower
/// against everybody. Faces of the same moment are never compared.
/// </summary>
public static class IdentityMetric
{
    private const double FalseMatches = 0.01;

    /// <param name="probes">Whom to recognise.</param>
    /// <param name="gallery">Originals of everybody.</param>
    /// <returns>Null when there are no pairs of the same or none of different people.</returns>
    public static IdentityFigures? Compute(IReadOnlyList<Embedding> probes, IReadOnlyList<Embedding> gallery)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(gallery);
        var known = gallery.Select(face => face.Person).Distinct().Order().ToList();
        var people = known.ToDictionary(person => person, _ => new PersonTally());
        var different = new List<double>();
        foreach (var probe in probes)
        {
            Compare(probe, gallery, known, people, different);
        }

        var asked = people.Values.Where(person => person.Same.Count > 0).ToList();
        return asked.Count == 0 || different.Count == 0 ? null : Figures(asked, [.. different.Order()], known.Count);
    }

    private static void Compare(
        Embedding probe, IReadOnlyList<Embedding> gallery, List<int> known, Dictionary<int, PersonTally> people, List<double> different)
    {
        var sums = known.ToDictionary(person => person, _ => (Sum: 0.0, Count: 0));
        foreach (var face in gallery.Where(face => !face.IsSameMoment(probe)))
        {
            var cosine = (double)TensorPrimitives.Dot<float>(probe.Vector, face.Vector);
            var (sum, count) = sums[face.Person];
            sums[face.Person] = (sum + cosine, count + 1);
            (face.Person == probe.Person ? people[probe.Person].Same : different).Add(cosine);
        }

        // A person whose only picture is of this very moment cannot be ranked.
        if (sums.TryGetValue(probe.Person, out var own) && own.Count > 0)
        {
            var nearest = known.Where(person => sums[person].Count > 0).MaxBy(person => sums[person].Sum / sums[person].Count);
            people[probe.Person].Ranked.Add(nearest == probe.Person ? 1 : 0);
        }
    }

    private static IdentityFigures Figures(List<PersonTally> people, double[] different, int known)
    {
        var threshold = Statistics.Quantile(different, 1 - FalseMatches);
        double[] same = [.. people.SelectMany(person => person.Same).Order()];
        var matched = people.ConvertAll(person => person.Same.Count(cosine => cosine > threshold) / (double)person.Same.Count);
        var ranked = people.ConvertAll(person => person.Ranked.Average());
        return new IdentityFigures
        {
            CalibratedMatch = matched.Average(),
            CalibratedMatchInterval = Statistics.Bootstrap(matched),
            Rank1 = ranked.Average(),
            Rank1Interval = Statistics.Bootstrap(ranked),
            Chance = 1.0 / known,
            MeanCosine = same.Average(),
            Auc = Statistics.AreaUnderCurve(same, different),
            Threshold = threshold,
            People = people.Count,
            Faces = people.Sum(person => person.Ranked.Count),
            SamePairs = same.Length,
            DifferentPairs = different.Length,
        };
    }

    private sealed class PersonTally
    {
        public List<double> Same { get; } = [];

        public List<double> Ranked { get; } = [];
    }
}
