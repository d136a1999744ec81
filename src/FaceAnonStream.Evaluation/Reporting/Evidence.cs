using System.Numerics.Tensors;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Metrics;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Evaluation.Reporting;

/// <summary>All that was measured, and what follows for any part of the faces.</summary>
internal sealed record Evidence
{
    public required IReadOnlyList<FaceMeasurement> Faces { get; init; }

    /// <summary>Those of them that the recognisers saw.</summary>
    public required IReadOnlyList<IdentitySample> Samples { get; init; }

    /// <summary>Whose originals the attacker has: everybody's.</summary>
    public required IReadOnlyList<IdentitySample> Gallery { get; init; }

    /// <summary>The recognisers' names.</summary>
    public required IReadOnlyList<string> Recognizers { get; init; }

    /// <summary>Whether it is known how every clip's faces were covered.</summary>
    public required bool IsListed { get; init; }

    /// <summary>The replaced faces alone. What spans several frames counts where the face is replaced in all of them.</summary>
    public Evidence OfReplaced() => this with
    {
        Faces = [.. Faces.Where(face => face.IsReplaced).Select(face => face with { Jitter = face.Jitter is { IsOfReplaced: true } ? face.Jitter : null })],
        Samples =
        [
            .. Samples.Where(sample => sample.Measurement.IsReplaced)
                .Select(sample => sample with { Next = sample.Next is { Measurement.IsReplaced: true } ? sample.Next : null }),
        ],
    };

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
            Covers = IsListed ? Covers(faces) : null,
        };
    }

    private IdentityMeasure? Identity(string name, int recognizer, List<IdentitySample> samples)
    {
        var gallery = Gallery.Select(sample => sample.Original(recognizer)).ToList();
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
                pairs.Average(pair => TensorPrimitives.Dot<float>(pair.Seen.Anonymised[i], pair.Next!.Seen.Anonymised[i])),
                pairs.Average(pair => TensorPrimitives.Dot<float>(pair.Seen.Original[i], pair.Next!.Seen.Original[i])),
                pairs.Count))],
            OriginalJitter = original,
            AnonymisedJitter = anonymised,
            JitterRatio = original > 0 ? anonymised / original : null,
            JitterFaces = jitters.Count,
        };
    }

    private static CoverMeasure Covers(List<FaceMeasurement> faces)
    {
        var listed = faces.Select(face => face.Listed).OfType<ListedFace>().ToList();
        var levels = listed.CountBy(face => face.Cover).ToDictionary();
        var reasons = listed.Select(face => face.Fallback).OfType<FallbackReason>().CountBy(reason => reason).ToDictionary();
        return new CoverMeasure(
            new LevelCounts(
                Level(OutcomeKind.Synthetic), Level(OutcomeKind.Mosaic), Level(OutcomeKind.Blur), Level(OutcomeKind.Solid), Level(OutcomeKind.WholeFrame)),
            faces.Count - listed.Count,
            new FallbackCounts(
                Reason(FallbackReason.TooSmall),
                Reason(FallbackReason.Unconfirmed),
                Reason(FallbackReason.UnusableLandmarks),
                Reason(FallbackReason.ExtremePose),
                Reason(FallbackReason.Uncovered),
                Reason(FallbackReason.ModelFailure)));

        int Level(OutcomeKind kind) => levels.GetValueOrDefault(kind);
        int Reason(FallbackReason reason) => reasons.GetValueOrDefault(reason);
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
