using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Kernels;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>
/// Covers every face of a frame with the first rung that works, and the whole frame when none does or when nobody could
/// look at it. It never gives up quietly: it covers, or it throws and there is no frame to pass on.
/// </summary>
public sealed class RedactionLadder
{
    private readonly IReadOnlyList<IFaceCover> _rungs;
    private readonly SolidColor _wholeFrameColor;

    /// <param name="rungs">Tried in order for every face.</param>
    /// <param name="wholeFrameColor">What remains of a frame that could not be anonymised.</param>
    public RedactionLadder(IReadOnlyList<IFaceCover> rungs, SolidColor wholeFrameColor)
    {
        ArgumentNullException.ThrowIfNull(rungs);
        ArgumentOutOfRangeException.ThrowIfZero(rungs.Count, nameof(rungs));
        _rungs = rungs;
        _wholeFrameColor = wholeFrameColor;
    }

    /// <summary>The rungs that a method starts on and falls back to.</summary>
    public static RedactionLadder For(RedactOptions options, FrameFormat format)
    {
        ArgumentNullException.ThrowIfNull(options);
        var color = SolidColor.FromHex(options.SolidColor, format);
        IFaceCover[] rungs = options.Method switch
        {
            RedactionMethod.Synthetic => [Synthetic(), Cells(OutcomeKind.Mosaic), Cells(OutcomeKind.Solid)],
            RedactionMethod.Blur => [Cells(OutcomeKind.Blur), Cells(OutcomeKind.Mosaic), Cells(OutcomeKind.Solid)],
            RedactionMethod.Mosaic => [Cells(OutcomeKind.Mosaic), Cells(OutcomeKind.Solid)],
            _ => [Cells(OutcomeKind.Solid)],
        };
        return new RedactionLadder(rungs, color);

        CellFieldCover Cells(OutcomeKind kind) => new(kind, options, color);

        SyntheticCover Synthetic() => new(format, options.Privacy == PrivacyLevel.Strong ? Cells(OutcomeKind.Blur) : null);
    }

    /// <summary>Covers what must be covered, in place.</summary>
    public FrameOutcome Apply(TrackedFrame tracked)
    {
        ArgumentNullException.ThrowIfNull(tracked);
        if (tracked.Failure is { } failure)
        {
            return CoverWholeFrame(tracked, failure);
        }

        var kind = OutcomeKind.NoFace;
        string? firstFailure = null;
        var faces = new FaceOutcome[tracked.Faces.Count];
        foreach (var i in InPaintingOrder(tracked.Faces))
        {
            var drawing = tracked.Drawings.Count > 0 ? tracked.Drawings[i] : null;
            if (Cover(tracked.Frame, tracked.Faces[i], drawing, ref firstFailure) is not { } outcome)
            {
                return CoverWholeFrame(tracked, firstFailure ?? "no way to cover a face");
            }

            faces[i] = outcome;
            kind = outcome.Kind > kind ? outcome.Kind : kind;
        }

        return new FrameOutcome(kind, faces, firstFailure);
    }

    /// <summary>Indices of faces: those that are only believed to be there before those that were seen, and the small before
    /// the large, so that heads in front cover those behind them.</summary>
    private static IEnumerable<int> InPaintingOrder(IReadOnlyList<TrackedFace> faces) =>
        Enumerable.Range(0, faces.Count).OrderBy(i => faces[i].Evidence == Evidence.Observed).ThenBy(i => faces[i].Box.Area);

    private FaceOutcome? Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing, ref string? firstFailure)
    {
        var fallback = drawing?.Fallback;
        foreach (var rung in _rungs)
        {
            if (rung.Kind == OutcomeKind.Synthetic && (drawing is null || drawing.Fallback is not null))
            {
                // An expected fallback is counted by its reason; it is no failure.
                fallback ??= FallbackReason.ModelFailure;
                continue;
            }

            try
            {
                rung.Cover(frame, face, drawing);
                return new FaceOutcome(face, rung.Kind, fallback);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever went wrong, the answer is the same: cover more.
                firstFailure ??= $"{rung.Kind} failed: {exception.Message}";
                fallback ??= rung.Kind == OutcomeKind.Synthetic ? FallbackReason.ModelFailure : null;
            }
        }

        return null;
    }

    private FrameOutcome CoverWholeFrame(TrackedFrame tracked, string failure)
    {
        var frame = tracked.Frame;
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            if (frame.Format.PixelFormat.BytesPerSample == 1)
            {
                PlaneFill.Fill(frame.Plane8(plane), (byte)_wholeFrameColor[plane]);
            }
            else
            {
                PlaneFill.Fill(frame.Plane16(plane), (ushort)_wholeFrameColor[plane]);
            }
        }

        return new FrameOutcome(OutcomeKind.WholeFrame, [.. tracked.Faces.Select(face => new FaceOutcome(face, OutcomeKind.WholeFrame))], failure);
    }
}
