namespace FaceAnonStream.Evaluation.Faces;

/// <summary>
/// Which faces of a clip are shown to the recognisers: evenly spaced ones of every track that is long enough, and for each
/// the next frame's, to see how much a face changes from one frame to the next.
/// </summary>
public sealed class SamplePlan
{
    /// <summary>Most faces of a track.</summary>
    public const int FacesPerTrack = 10;

    /// <summary>Smaller faces, by the longer side of their box, tell too little.</summary>
    public const float SmallestFacePx = 40;

    private const int ShortestTrack = 8;
    private const int FewestFaces = 6;

    private readonly ClipFaces _clip;
    private readonly Dictionary<int, int?> _following = [];

    public SamplePlan(ClipFaces clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        _clip = clip;
        foreach (var track in clip.Tracks)
        {
            var large = track.Where(face => clip.Faces[face].Detection.SidePx() >= SmallestFacePx).ToList();
            if (track.Count >= ShortestTrack && large.Count >= FewestFaces)
            {
                Choose(track, large);
            }
        }

        Embedded = _following.Keys.Concat(_following.Values.OfType<int>()).ToHashSet();
    }

    /// <summary>The chosen faces, as indices, in the order of their tracks.</summary>
    public IEnumerable<int> Samples => _following.Keys;

    /// <summary>The chosen faces and those that follow them.</summary>
    public IReadOnlySet<int> Embedded { get; }

    /// <summary>The face of the same track in the next frame; null when there is none.</summary>
    public int? Following(int sample) => _following[sample];

    private void Choose(IReadOnlyList<int> track, List<int> large)
    {
        var count = Math.Min(FacesPerTrack, large.Count);
        for (var i = 0; i < count; i++)
        {
            var face = large[i * (large.Count - 1) / (count - 1)];
            var next = track.SkipWhile(other => other <= face).Cast<int?>().FirstOrDefault();
            _following[face] = next is { } index && _clip.Faces[index].Frame == _clip.Faces[face].Frame + 1 ? index : null;
        }
    }
}
