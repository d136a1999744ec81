using System.Numerics;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Alignment;

/// <summary>What is known of one face in one frame before smoothing.</summary>
/// <param name="Points">Landmarks in luma pixels; empty when there is a fallback.</param>
/// <param name="Placement">Where they lie.</param>
/// <param name="IsSure">Whether they are surely a face's.</param>
/// <param name="Fallback">Why they are no good, or null.</param>
internal readonly record struct FaceGlance(
    ReadOnlyMemory<Vector2> Points, FacePlacement Placement, bool IsSure, FallbackReason? Fallback)
{
    public static FaceGlance Fallen(FallbackReason reason) => new(default, default, IsSure: false, reason);
}

/// <summary>Reads the landmarks of one frame's faces; no face is read that gets a mosaic anyway.</summary>
/// <param name="net">Borrowed.</param>
/// <param name="fit">Tells how a head is turned.</param>
/// <param name="reference">A frontal face, to tell its tilt.</param>
/// <param name="options">Which faces get a mosaic.</param>
internal sealed class LandmarkReader(ILandmarkNet net, HeadPoseFit fit, Vector2[] reference, AlignOptions options)
{
    /// <summary>A face that is tilted further against its crop is read again in a turned crop: the nets know tilted heads,
    /// but upright ones better.</summary>
    private const float MaxTilt = 15 * MathF.PI / 180;

    private readonly float _minYawCosine = MathF.Cos((float)options.MaxYawDegrees * MathF.PI / 180);

    /// <summary>Reads the faces of a frame.</summary>
    /// <param name="tracked">Borrowed until the call ends.</param>
    /// <param name="tilts">How far each face was tilted when it was last read, in radians; changed where it is read
    /// again.</param>
    /// <param name="skip">Why faces are not worth a look in this frame; null for those that are.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>One glance for each face, in order.</returns>
    public async ValueTask<FaceGlance[]> ReadAsync(TrackedFrame tracked, float[] tilts, FallbackReason?[] skip, CancellationToken ct)
    {
        var glances = new FaceGlance[tracked.Faces.Count];
        var toRead = new List<int>();
        for (var i = 0; i < glances.Length; i++)
        {
            if ((ReasonNotToRead(tracked, tracked.Faces[i]) ?? skip[i]) is { } reason)
            {
                glances[i] = FaceGlance.Fallen(reason);
            }
            else
            {
                toRead.Add(i);
            }
        }

        await ReadAsync(toRead).ConfigureAwait(false);
        var tilted = toRead.FindAll(i => glances[i].Fallback is null && Size(glances[i].Placement.Roll - tilts[i]) > MaxTilt);
        tilted.ForEach(i => tilts[i] = glances[i].Placement.Roll);
        await ReadAsync(tilted).ConfigureAwait(false);
        return glances;

        async ValueTask ReadAsync(List<int> faces)
        {
            FaceSquare[] squares = [.. faces.Select(i => Around(tracked.Faces[i].Box, tilts[i]))];
            var read = await GlanceAsync(tracked.Frame, squares, ct).ConfigureAwait(false);
            for (var k = 0; k < faces.Count; k++)
            {
                glances[faces[k]] = read[k];
            }
        }
    }

    private FallbackReason? ReasonNotToRead(TrackedFrame tracked, in TrackedFace face)
    {
        if (MathF.Max(face.Box.Width, face.Box.Height) < options.MinFacePx)
        {
            return FallbackReason.TooSmall;
        }

        // A frame that failed becomes solid as a whole.
        return !face.IsConfirmed ? FallbackReason.Unconfirmed
            : tracked.Failure is not null ? FallbackReason.UnusableLandmarks
            : null;
    }

    private FaceSquare Around(RectF box, float tilt) =>
        new(new Vector2(box.CenterX, box.CenterY), net.CropFactor * MathF.Max(box.Width, box.Height), tilt);

    private async ValueTask<FaceGlance[]> GlanceAsync(VideoFrame frame, FaceSquare[] squares, CancellationToken ct)
    {
        if (squares.Length == 0)
        {
            return [];
        }

        try
        {
            var readings = await net.ReadAsync(frame, squares, ct).ConfigureAwait(false);
            return readings.Count == squares.Length
                ? [.. readings.Select(Judge)]
                : throw new FaultException(FaultOrigin.Model, $"the landmark net answered for {readings.Count} of {squares.Length} faces");
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return Array.ConvertAll(squares, _ => FaceGlance.Fallen(FallbackReason.ModelFailure));
        }
    }

    private FaceGlance Judge(LandmarkReading reading)
    {
        if (reading.Points.Length != fit.PointCount || !float.IsFinite(reading.Usability) || !AreFinite(reading.Points.Span))
        {
            return FaceGlance.Fallen(FallbackReason.ModelFailure);
        }

        if (reading.Usability < options.MinUsability || fit.Fit(reading.Points.Span) is not { } pose)
        {
            return FaceGlance.Fallen(FallbackReason.UnusableLandmarks);
        }

        return MathF.Cos(pose.Yaw) >= _minYawCosine
            ? new FaceGlance(
                reading.Points, FacePlacement.Of(reading.Points.Span, reference), reading.Usability >= options.SureUsability, null)
            : FaceGlance.Fallen(FallbackReason.ExtremePose);
    }

    private static bool AreFinite(ReadOnlySpan<Vector2> points)
    {
        foreach (var point in points)
        {
            if (!float.IsFinite(point.X + point.Y))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The size of an angle, whatever full turns it holds.</summary>
    private static float Size(float angle) => MathF.Abs(MathF.IEEERemainder(angle, MathF.Tau));
}
