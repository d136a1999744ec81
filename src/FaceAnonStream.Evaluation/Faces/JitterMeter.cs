using System.Numerics;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>
/// Follows the landmarks of the tracks of one clip and tells how much they shake: second differences over three
/// consecutive frames, which a steady motion leaves at zero.
/// </summary>
internal sealed class JitterMeter
{
    private readonly Dictionary<int, (Moment? Before, Moment Last)> _tracks = [];

    /// <summary>Takes the next face of a track; frames only go up.</summary>
    /// <param name="index">The face's own number.</param>
    /// <param name="face">The face.</param>
    /// <param name="original">Its landmarks in the original; null where they cannot be trusted.</param>
    /// <param name="anonymised">Its landmarks in the output.</param>
    /// <param name="isReplaced">Whether it is replaced there.</param>
    /// <returns>The number of the middle one of three faces and its jitter, when this is the third.</returns>
    public (int Index, Jitter Jitter)? Add(int index, SeenFace face, Vector2[]? original, Vector2[] anonymised, bool isReplaced)
    {
        var moment = new Moment(index, face, original, anonymised, isReplaced);
        var (before, last) = _tracks.TryGetValue(face.Track, out var known) ? known : (null, null!);
        _tracks[face.Track] = (last, moment);
        return before is not null && before.Face.Frame == face.Frame - 2 && last.Face.Frame == face.Frame - 1
            && before.Original is not null && last.Original is not null && original is not null
            ? (last.Index, new Jitter(
                SecondDifference(before.Original, last.Original, original, last.Face),
                SecondDifference(before.Anonymised, last.Anonymised, anonymised, last.Face),
                before.IsReplaced && last.IsReplaced && isReplaced))
            : null;
    }

    private static double SecondDifference(Vector2[] before, Vector2[] at, Vector2[] after, SeenFace face)
    {
        double sum = 0;
        for (var i = 0; i < at.Length; i++)
        {
            sum += (after[i] - (2 * at[i]) + before[i]).LengthSquared();
        }

        var side = face.Detection.SidePx();
        return sum / at.Length / (side * side);
    }

    private sealed record Moment(int Index, SeenFace Face, Vector2[]? Original, Vector2[] Anonymised, bool IsReplaced);
}
