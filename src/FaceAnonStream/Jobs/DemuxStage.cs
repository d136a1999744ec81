using FaceAnonStream.Flow;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Jobs;

/// <summary>The head of the pipeline: moves frames from a source into the first link.</summary>
internal static class DemuxStage
{
    public static async Task RunAsync(IVideoSource source, Link<VideoFrame> output, FrameLedger ledger, CancellationToken ct)
    {
        Exception? fault = null;
        try
        {
            while (await source.ReadAsync(ct).ConfigureAwait(false) is { } frame)
            {
                ledger.RecordDecoded();
                await output.SendAsync(frame, ct).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            output.Complete(fault);
        }
    }
}
