using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Cli.Scene;

/// <summary>What is true of one face in one frame.</summary>
/// <param name="Person">Whose it is, from 1.</param>
/// <param name="Box">From the hairline to the chin and from cheek to cheek, as YuNet boxes are, in luma pixels; may reach
/// beyond the picture.</param>
/// <param name="Points">The five points that detectors give; they may be hidden.</param>
/// <param name="YawDegrees">Turned to the picture's right.</param>
/// <param name="PitchDegrees">Bowed.</param>
/// <param name="RollDegrees">Tilted clockwise.</param>
/// <param name="Visible">Share of the box that is inside the picture and not behind somebody else, 0 to 1.</param>
internal sealed record TrueFace(
    int Person, RectF Box, FivePoints Points, float YawDegrees, float PitchDegrees, float RollDegrees, float Visible)
{
    /// <summary>YuNet's boxes begin a little above the oval of the landmarks; measured on painted faces.</summary>
    private const float AboveOval = 0.06f;

    private const int Samples = 12;

    /// <param name="figure">Whose face.</param>
    /// <param name="nearer">Everybody who may stand in front of it.</param>
    /// <param name="width">Pixels of the picture's rows.</param>
    /// <param name="height">Its rows.</param>
    public static TrueFace Of(Figure figure, ReadOnlySpan<Figure> nearer, int width, int height)
    {
        var stance = figure.Stance;
        var box = BoxOf(figure.Landmarks.AsSpan(FacePoints.Oval));
        return new TrueFace(
            figure.Person.Id,
            box,
            PointsOf(figure.Landmarks),
            float.RadiansToDegrees(stance.Yaw),
            float.RadiansToDegrees(stance.Pitch),
            float.RadiansToDegrees(stance.Roll),
            ShareInside(box, width, height) * ShareUncovered(box, nearer));
    }

    private static RectF BoxOf(ReadOnlySpan<Vector2> oval)
    {
        var (low, high) = (oval[0], oval[0]);
        foreach (var point in oval)
        {
            low = Vector2.Min(low, point);
            high = Vector2.Max(high, point);
        }

        var above = AboveOval * (high.Y - low.Y);
        return new RectF(low.X, low.Y - above, high.X - low.X, high.Y - low.Y + above);
    }

    private static FivePoints PointsOf(Vector2[] landmarks)
    {
        var points = new FivePoints();
        points[0] = FacePoints.Mean(landmarks.AsSpan(FacePoints.RightEye));
        points[1] = FacePoints.Mean(landmarks.AsSpan(FacePoints.LeftEye));
        points[2] = landmarks[FacePoints.NoseTip];
        points[3] = landmarks[FacePoints.RightMouthCorner];
        points[4] = landmarks[FacePoints.LeftMouthCorner];
        return points;
    }

    private static float ShareInside(RectF box, int width, int height)
    {
        var inside = MathF.Max(0, MathF.Min(box.Right, width) - MathF.Max(box.X, 0))
            * MathF.Max(0, MathF.Min(box.Bottom, height) - MathF.Max(box.Y, 0));
        return MathF.Min(1, inside / box.Area);
    }

    private static float ShareUncovered(RectF box, ReadOnlySpan<Figure> nearer)
    {
        var covered = 0;
        for (var i = 0; i < Samples * Samples; i++)
        {
            var (row, column) = Math.DivRem(i, Samples);
            var point = new Vector2(
                box.X + (box.Width * (column + 0.5f) / Samples), box.Y + (box.Height * (row + 0.5f) / Samples));
            foreach (var figure in nearer)
            {
                if (figure.Covers(point))
                {
                    covered++;
                    break;
                }
            }
        }

        return 1 - ((float)covered / (Samples * Samples));
    }
}
