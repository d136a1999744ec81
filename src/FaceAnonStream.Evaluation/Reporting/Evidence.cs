using System.Numerics.Tensors;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Metrics;

namespace FaceAnonStream.Evaluation.Reporting;

/// <summary>All that was measured, and what follows for any part of the faces.</summary>
/// <param name="Faces">Every face of every clip.</param>
/// <param name="Samples">Those that the recognisers saw.</param>
/// <param name="Recognizers">Their names.</param>
internal sealed record Evidence(IReadOnlyList<FaceMeasurement> Faces, IReadOnlyList<IdentitySample> Samples, IReadOnlyList<string> Recognizers)
{
    /// <summary>The measures of the faces that a condition chooses; they are sought among the originals of everybody.</summary>
    public Measures Of(Func<FaceMeasurement, bool> isChosen)
    {
        var faces = Faces.Where(isChosen).ToList();
        var samples = Samples.Where(sample => isChosen(sample.Measurement)).ToList();
        return new Measures
        {
            Identity = [.. Recognizers.Select((name, i) => Identity(name, i, samples)).OfType<IdentityMeasure>()],
            Stability = Stability(faces, samples),
            Coverage = new CoverageMeasure(faces.Count, faces.Count(face => face.IsUncovered)),
            Utility = Utility(faces),
        };
    }

    private IdentityMeasure? Identity(string name, int recognizer, List<IdentitySample> samples)
    {
        var gallery = Samples.Select(sample => sample.Original(recognizer)).ToList();
        var anonymised = IdentityMetric.Compute(samples.ConvertAll(sample => sample.Anonymised(recognizer)), gallery);
        var original = IdentityMetric.Compute(samples.ConvertAll(sample => sample.Original(recognizer)), gallery);
        return anonymised is not null && original is not null ? new IdentityMeasure(name, anonymised, original) : null;
    }

    private StabilityMeasure Stability(List<FaceMeasurement> faces, List<IdentitySample> samples)
    {
        var jitters = faces.Select(face => face.Jitter).OfType<Jitter>().ToList();
        double? original = jitters.Count > 0 ? Math.Sqrt(jitters.Average(jitter => jitter.Original)) : null;
        double? anonymised = jitters.Count > 0 ? Math.Sqrt(jitters.Average(jitter => jitter.Anonymised)) : null;
        var pairs = samples.FindAll(sample => sample.Next is not null);
        return new StabilityMeasure
        {
            MeanConsecutiveCosine = pairs.Count == 0 ? [] : [.. Recognizers.Select((name, i) => new ConsecutiveCosine(
                name,
                pairs.Average(pair => TensorPrimitives.Dot<float>(pair.Seen.Anonymised[i], pair.Next!.Anonymised[i])),
                pairs.Average(pair => TensorPrimitives.Dot<float>(pair.Seen.Original[i], pair.Next!.Original[i])),
                pairs.Count))],
            OriginalJitter = original,
            AnonymisedJitter = anonymised,
            JitterRatio = original > 0 ? anonymised / original : null,
            JitterFaces = jitters.Count,
        };
    }

    private static UtilityMeasure Utility(List<FaceMeasurement> faces)
    {
        var pointed = faces.FindAll(face => face.HasLandmarks);
        return new UtilityMeasure(
            faces.Count > 0 ? faces.Average(face => face.IsFoundAgain ? 1.0 : 0) : null,
            pointed.Count > 0 ? pointed.Average(face => face.LandmarkDistance) : null,
            pointed.Count);
    }
}
