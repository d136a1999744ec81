using FaceAnonStream.Evaluation.Metrics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Metrics;

/// <summary>Vectors in the plane: the cosine of two is the cosine of the angle between them.</summary>
public sealed class IdentityMetricTests
{
    private const double Exact = 1e-6;

    [Fact]
    public void Compute_PeopleFarApart_AreAllRecognised()
    {
        List<Embedding> faces = [At(0, 0, 0, 0), At(0, 0, 1, 10), At(1, 1, 0, 90), At(1, 1, 1, 100)];

        var figures = IdentityMetric.Compute(faces, faces).ShouldNotBeNull();

        figures.CalibratedMatch.ShouldBe(1);
        figures.CalibratedMatchInterval.ShouldBe(new Interval(1, 1));
        figures.Rank1.ShouldBe(1);
        figures.Chance.ShouldBe(0.5);
        figures.MeanCosine.ShouldBe(Cosine(10), Exact);
        figures.Auc.ShouldBe(1);
        (figures.People, figures.Faces, figures.SamePairs, figures.DifferentPairs).ShouldBe((2, 4, 4, 8));
    }

    [Fact]
    public void Compute_Threshold_IsTheQuantileOfDifferentPeople()
    {
        List<Embedding> gallery = [At(0, 0, 0, 0), At(1, 1, 0, 60)];
        List<Embedding> probes = [At(0, 0, 1, 20), At(1, 1, 1, 70)];

        var figures = IdentityMetric.Compute(probes, gallery).ShouldNotBeNull();

        // Different people: cos 40 and cos 70. Same people: cos 20 and cos 10.
        figures.Threshold.ShouldBe(Cosine(40) - (0.01 * (Cosine(40) - Cosine(70))), Exact);
        figures.CalibratedMatch.ShouldBe(1);
    }

    /// <summary>A cover that makes all faces equal ties every pair: nothing lies above the threshold.</summary>
    [Fact]
    public void Compute_AllCosinesTie_MatchesNobody()
    {
        List<Embedding> gallery = [At(0, 0, 0, 0), At(0, 0, 1, 0), At(1, 1, 0, 0), At(1, 1, 1, 0)];

        var figures = IdentityMetric.Compute(gallery, gallery).ShouldNotBeNull();

        figures.CalibratedMatch.ShouldBe(0);
        figures.Auc.ShouldBe(0.5);
    }

    [Fact]
    public void Compute_SameMoment_IsNeverCompared()
    {
        // Each probe is its own moment's original; the person's other face lies nearer to somebody else.
        List<Embedding> faces = [At(0, 0, 0, 0), At(0, 0, 1, 80), At(1, 1, 0, 10), At(1, 1, 1, 90)];

        var figures = IdentityMetric.Compute(faces, faces).ShouldNotBeNull();

        figures.Rank1.ShouldBe(0);
        figures.SamePairs.ShouldBe(4);
        figures.MeanCosine.ShouldBe(Cosine(80), Exact);
    }

    [Fact]
    public void Compute_SameFrameOfAnotherTrack_IsCompared()
    {
        List<Embedding> faces = [At(0, 0, 5, 0), At(0, 1, 5, 10), At(1, 2, 5, 90)];

        IdentityMetric.Compute(faces, faces).ShouldNotBeNull().SamePairs.ShouldBe(2);
    }

    [Fact]
    public void Compute_Shares_AreMeansOverPeople()
    {
        // Person 0 has three faces that are found, person 1 one that is not.
        List<Embedding> gallery = [At(0, 0, 9, 0), At(1, 1, 9, 90)];
        List<Embedding> probes = [At(0, 0, 0, 0), At(0, 0, 1, 1), At(0, 0, 2, 2), At(1, 1, 0, 30)];

        var figures = IdentityMetric.Compute(probes, gallery).ShouldNotBeNull();

        figures.Rank1.ShouldBe(0.5);
        figures.Rank1Interval.ShouldBe(new Interval(0, 1));
    }

    [Fact]
    public void Compute_ProbesOfOnePerson_AreSoughtAmongEverybody()
    {
        List<Embedding> gallery = [At(0, 0, 0, 0), At(1, 1, 0, 90), At(2, 2, 0, 180)];

        var figures = IdentityMetric.Compute([At(0, 0, 1, 5)], gallery).ShouldNotBeNull();

        (figures.People, figures.DifferentPairs).ShouldBe((1, 2));
        figures.Chance.ShouldBe(1.0 / 3, Exact);
        figures.Rank1Interval.ShouldBeNull();
    }

    [Fact]
    public void Compute_OnePersonOnly_TellsNothing()
    {
        List<Embedding> faces = [At(0, 0, 0, 0), At(0, 0, 1, 10)];

        IdentityMetric.Compute(faces, faces).ShouldBeNull();
    }

    /// <summary>The figures of src/FaceAnonStream.Models/forge/surrogate/identity.py for the same vectors.</summary>
    [Fact]
    public void Compute_ManyVectors_AgreesWithTheForge()
    {
        var (originals, anonymised) = (new List<Embedding>(), new List<Embedding>());
        for (var track = 0; track < 4; track++)
        {
            for (var frame = 0; frame < 3; frame++)
            {
                originals.Add(At(track / 2, track, frame, (40 * (track / 2)) + (7 * track) + (13 * frame)));
                anonymised.Add(At(track / 2, track, frame, (55 * (track / 2)) + (3 * track) + (29 * frame)));
            }
        }

        var figures = IdentityMetric.Compute(anonymised, originals).ShouldNotBeNull();

        figures.Threshold.ShouldBe(0.999026970, Exact);
        figures.CalibratedMatch.ShouldBe(0.033333333, Exact);
        figures.Rank1.ShouldBe(0.833333333, Exact);
        figures.MeanCosine.ShouldBe(0.841326354, Exact);
    }

    private static Embedding At(int person, int track, int frame, double degrees)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        return new Embedding(person, track, frame, [(float)cos, (float)sin]);
    }

    private static double Cosine(double degrees) => Math.Cos(double.DegreesToRadians(degrees));
}
