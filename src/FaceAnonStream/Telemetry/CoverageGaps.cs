using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Telemetry;

/// <summary>
/// Finds frames that left without a cover on a face that was covered before and after: a track that is given up and found
/// again leaves such a gap. It says nothing of faces that no track knew of. One thread books; its memory is bounded.
/// </summary>
internal sealed class CoverageGaps
{
    /// <summary>A track that was out of sight for so many frames is forgotten: tracking has given it up long before.</summary>
    private const long MemoryFrames = 4096;

    /// <summary>More tracks than this are remembered only while they are recent.</summary>
    private const int PruneAbove = 256;

    private readonly Dictionary<int, Seen> _last = [];
    private readonly List<int> _stale = [];
    private long _wholeFrames;
    private int _pruneAt = PruneAbove;

    /// <summary>Tracks remembered now.</summary>
    public int Remembered => _last.Count;

    /// <summary>Forgets all tracks: their numbers begin anew.</summary>
    public void Reset()
    {
        _last.Clear();
        _wholeFrames = 0;
    }

    /// <summary>Books a frame, in order.</summary>
    /// <returns>How many frames of gaps ended with it, counted once per face.</returns>
    public long Book(FrameReceipt receipt)
    {
        var gap = 0L;
        var faces = receipt.Outcome.Faces;
        for (var i = 0; i < faces.Count; i++)
        {
            var id = faces[i].Face.TrackId;
            if (_last.TryGetValue(id, out var last))
            {
                // A frame of one colour covers every face.
                gap += receipt.Index - last.Index - 1 - (_wholeFrames - last.WholeFrames);
            }

            var isWhole = receipt.Outcome.Kind == OutcomeKind.WholeFrame ? 1 : 0;
            _last[id] = new Seen(receipt.Index, _wholeFrames + isWhole);
        }

        _wholeFrames += receipt.Outcome.Kind == OutcomeKind.WholeFrame ? 1 : 0;
        if (_last.Count > _pruneAt)
        {
            Prune(receipt.Index);
        }

        return gap;
    }

    private void Prune(long index)
    {
        foreach (var (id, seen) in _last)
        {
            if (index - seen.Index > MemoryFrames)
            {
                _stale.Add(id);
            }
        }

        _stale.ForEach(id => _last.Remove(id));
        _stale.Clear();
        _pruneAt = Math.Max(PruneAbove, 2 * _last.Count);
    }

    private readonly record struct Seen(long Index, long WholeFrames);
}
