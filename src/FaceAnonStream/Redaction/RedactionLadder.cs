using FaceAnonStream.Frames;
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
        var rungs = options.Method switch
        {
            RedactionMethod.Blur => new[] { OutcomeKind.Blur, OutcomeKind.Mosaic, OutcomeKind.Solid },
            RedactionMethod.Mosaic => [OutcomeKind.Mosaic, OutcomeKind.Solid],
            _ => [OutcomeKind.Solid],
        };
        return new RedactionLadder([.. rungs.Select(kind => new CellFieldCover(kind, options, color))], color);
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
        for (var i = 0; i < faces.Length; i++)
        {
            var face = tracked.Faces[i];
            if (Cover(tracked.Frame, face, ref firstFailure) is not { } rung)
            {
                return CoverWholeFrame(tracked, firstFailure ?? "no way to cover a face");
            }

            faces[i] = Outcome(rung, face);
            kind = rung > kind ? rung : kind;
        }

        return new FrameOutcome(kind, faces, firstFailure);
    }

    private OutcomeKind? Cover(VideoFrame frame, in TrackedFace face, ref string? firstFailure)
    {
        foreach (var rung in _rungs)
        {
            try
            {
                rung.Cover(frame, face);
                return rung.Kind;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever went wrong, the answer is the same: cover more.
                firstFailure ??= $"{rung.Kind} failed: {exception.Message}";
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

        return new FrameOutcome(OutcomeKind.WholeFrame, [.. tracked.Faces.Select(face => Outcome(OutcomeKind.WholeFrame, face))], failure);
    }

    private static FaceOutcome Outcome(OutcomeKind kind, TrackedFace face) => new(kind, face.Evidence == Evidence.Observed);
}
