using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Live;

/// <summary>Starts one encoder after the other for the same target.</summary>
/// <param name="Target">Where they write to.</param>
/// <param name="Pictures">What they are given.</param>
/// <param name="Media">Their program.</param>
/// <param name="Arguments">Their command line for a session.</param>
internal sealed record EncoderStart(
    ILiveTarget Target, PictureStream Pictures, MediaOptions Media, Func<ITargetSession, IEnumerable<string>> Arguments)
{
    /// <summary>Prepares the target and starts an encoder.</summary>
    /// <param name="time">Times its waits.</param>
    /// <exception cref="IOException">The target cannot be written to now.</exception>
    /// <exception cref="UnauthorizedAccessException">The target may not be written to.</exception>
    /// <exception cref="Faults.FaultException">The encoder cannot be started.</exception>
    public LiveConnection Begin(TimeProvider time)
    {
        var session = Target.Begin();
        try
        {
            return ChildProcess.Start(
                Media.Ffmpeg,
                Arguments(session),
                TimeSpan.FromMilliseconds(Media.StopGraceMs),
                time,
                encoder => new LiveConnection(encoder, session, Pictures, Target.Scrub, time),
                session.Folder);
        }
        catch
        {
            session.End(isComplete: false);
            throw;
        }
    }
}
