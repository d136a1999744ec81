using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>Where a track should be now.</summary>
/// <param name="Box">Predicted box.</param>
/// <param name="UnseenSeconds">Time since its last observation.</param>
public readonly record struct TrackPrediction(RectF Box, double UnseenSeconds);

/// <summary>
/// Decides which detection continues which track. Two rounds, as in ByteTrack (Zhang et al., ECCV 2022): strong detections
/// choose first, then weak ones among the tracks left over. The cost of a pair is the distance-IoU loss (Zheng et al., AAAI
/// 2020), which still orders boxes that do not overlap, as those of small fast faces in consecutive frames.
/// </summary>
public static class Association
{
    /// <summary>How far, in sizes (roots of the area), a detection of the same size may lie from the prediction of a track
    /// just seen. The more the sizes differ, the nearer it must be: down to 0 at <see cref="MaxSizeRatio"/>.</summary>
    public const double GateSizes = 1.25;

    /// <summary>How much farther for every second unseen.</summary>
    public const double GateSizesPerSecond = 2;

    /// <summary>Farther than this is another face, however long the track has been unseen.</summary>
    public const double MaxGateSizes = 3;

    /// <summary>Largest ratio of the two sizes.</summary>
    public const double MaxSizeRatio = 2;

    /// <summary>The largest distance-IoU loss: any admissible pair is at least as good as none.</summary>
    private const double UnmatchedCost = 2;

    /// <summary>Matches the detections of one frame with tracks.</summary>
    /// <param name="tracks">Boxes with finite values and sides greater than 0.</param>
    /// <param name="faces">Likewise.</param>
    /// <param name="highScore">Faces from this score on choose first.</param>
    /// <returns>For each face the index of its track, or -1 when it starts one. No track twice.</returns>
    public static int[] Match(IReadOnlyList<TrackPrediction> tracks, IReadOnlyList<FaceDetection> faces, double highScore)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        ArgumentNullException.ThrowIfNull(faces);
        var trackOf = new int[faces.Count];
        Array.Fill(trackOf, -1);
        var strong = Enumerable.Range(0, faces.Count).Where(face => faces[face].Score >= highScore).ToList();
        var weak = Enumerable.Range(0, faces.Count).Except(strong).ToList();
        MatchRound(tracks, faces, strong, trackOf);
        MatchRound(tracks, faces, weak, trackOf);
        return trackOf;
    }

    private static void MatchRound(
        IReadOnlyList<TrackPrediction> tracks, IReadOnlyList<FaceDetection> faces, List<int> choosing, int[] trackOf)
    {
        var free = Enumerable.Range(0, tracks.Count).Except(trackOf).ToList();
        var cost = new double[choosing.Count, free.Count];
        for (var row = 0; row < choosing.Count; row++)
        {
            for (var column = 0; column < free.Count; column++)
            {
                cost[row, column] = Cost(tracks[free[column]], faces[choosing[row]].Box);
            }
        }

        var columnOf = Assignment.Solve(cost, UnmatchedCost);
        for (var row = 0; row < choosing.Count; row++)
        {
            trackOf[choosing[row]] = columnOf[row] < 0 ? -1 : free[columnOf[row]];
        }
    }

    /// <summary>Distance-IoU loss, 0 to 2, or positive infinity outside the gate.</summary>
    private static double Cost(TrackPrediction track, RectF face)
    {
        var dx = (double)track.Box.CenterX - face.CenterX;
        var dy = (double)track.Box.CenterY - face.CenterY;
        var squaredDistance = (dx * dx) + (dy * dy);
        var small = Math.Min(track.Box.Area, face.Area);
        var large = Math.Max(track.Box.Area, face.Area);
        var gate = Math.Min(GateSizes + (GateSizesPerSecond * track.UnseenSeconds), MaxGateSizes);
        if (large > small * MaxSizeRatio * MaxSizeRatio)
        {
            return double.PositiveInfinity;
        }

        // A face moves, and it grows, but one that is at once elsewhere and of another size is another one's after a cut.
        var reach = gate * (1 - Math.Log(large / small, MaxSizeRatio * MaxSizeRatio));
        if (squaredDistance > reach * reach * Math.Sqrt(small * large))
        {
            return double.PositiveInfinity;
        }

        var hull = track.Box.Union(face);
        var squaredDiagonal = ((double)hull.Width * hull.Width) + ((double)hull.Height * hull.Height);
        return 1 - track.Box.IntersectionOverUnion(face) + (squaredDistance / squaredDiagonal);
    }
}
