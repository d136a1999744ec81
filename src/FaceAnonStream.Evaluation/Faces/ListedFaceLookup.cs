using FaceAnonStream.Detection;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>Goes through a list of faces beside the frames of its clip; holds one frame of it. Owns the enumeration.</summary>
/// <param name="frames">In ascending order.</param>
internal sealed class ListedFaceLookup(IEnumerable<ListedFrame> frames) : IDisposable
{
    /// <summary>The list's boxes are smoothed and may have grown: they overlap less than two sightings of one detector.</summary>
    private const float LeastOverlap = 0.3f;

    private readonly IEnumerator<ListedFrame> _frames = frames.GetEnumerator();
    private ListedFrame? _next;
    private bool _isStarted;

    /// <summary>The listed face that a face of the original is: the one that overlaps it most; null when none overlaps it
    /// enough.</summary>
    /// <param name="face">Of a frame no earlier than those asked for before.</param>
    public ListedFace? Find(SeenFace face)
    {
        while (!_isStarted || _next?.Frame < face.Frame)
        {
            Advance();
        }

        return _next?.Frame == face.Frame
            ? _next.Faces
                .Select(listed => (Face: listed, Overlap: listed.Box.IntersectionOverUnion(face.Detection.Box)))
                .Where(match => match.Overlap > LeastOverlap)
                .OrderByDescending(match => match.Overlap)
                .FirstOrDefault().Face
            : null;
    }

    /// <summary>Reads the rest.</summary>
    /// <param name="clip">Name of the clip.</param>
    /// <param name="count">How many frames the clip has.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: the list names a frame that the clip lacks, so it
    /// is another clip's.</exception>
    public void Finish(string clip, int count)
    {
        while (!_isStarted || _next is not null)
        {
            if (_next?.Frame >= count)
            {
                throw new FaultException(
                    FaultOrigin.Source, $"{clip}: the list of its faces has frame {_next.Frame}; allowed 0 to {count - 1}, as the clip has");
            }

            Advance();
        }
    }

    public void Dispose() => _frames.Dispose();

    private void Advance()
    {
        _isStarted = true;
        _next = _frames.MoveNext() ? _frames.Current : null;
    }
}
