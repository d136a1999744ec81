using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation;

/// <summary>Frames that lie one after the other in a clip. Owns them.</summary>
internal sealed class FrameBatch(int first) : IDisposable
{
    private readonly List<VideoFrame> _frames = [];

    /// <summary>Number of its first frame in the clip, from 0.</summary>
    public int First { get; } = first;

    public IReadOnlyList<VideoFrame> Frames => _frames;

    /// <summary>Reads the next frames of a clip; fewer than asked for at its end.</summary>
    public static async Task<FrameBatch> ReadAsync(IVideoSource source, int first, int count, CancellationToken ct)
    {
        var batch = new FrameBatch(first);
        try
        {
            while (batch._frames.Count < count && await source.ReadAsync(ct).ConfigureAwait(false) is { } frame)
            {
                batch._frames.Add(frame);
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public void Dispose() => _frames.ForEach(frame => frame.Dispose());
}
