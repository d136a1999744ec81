using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Files;

/// <summary>A stream of the input that the output lacks.</summary>
public sealed record StreamOmission(StreamInfo Stream, string Reason);

/// <summary>What travels beside the picture: streams that are copied as they are, and streams that are left out.</summary>
public sealed record CompanionStreams(IReadOnlyList<StreamInfo> Copied, IReadOnlyList<StreamOmission> Omitted)
{
    /// <summary>Decides for every stream but the processed one.</summary>
    public static CompanionStreams Choose(MediaInput input, AudioPolicy audio, Container container)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(container);
        var copied = new List<StreamInfo>();
        var omitted = new List<StreamOmission>();
        foreach (var stream in input.Streams.Where(stream => stream.Index != input.Video.Index))
        {
            if (ReasonToLeaveOut(stream, audio, container) is { } reason)
            {
                omitted.Add(new StreamOmission(stream, reason));
            }
            else
            {
                copied.Add(stream);
            }
        }

        return new CompanionStreams(copied, omitted);
    }

    private static string? ReasonToLeaveOut(StreamInfo stream, AudioPolicy audio, Container container) => stream.Kind switch
    {
        StreamKind.Audio when audio == AudioPolicy.Copy => null,
        StreamKind.Audio => "voices identify people",
        StreamKind.Subtitle when container.SubtitleCodecs.Contains(stream.Codec) => null,
        StreamKind.Subtitle => $"{stream.Codec} subtitles are no text that {container.Muxer} takes",
        StreamKind.AttachedPicture => "a cover picture may show faces",
        StreamKind.Video => "only the first video stream is anonymised",
        _ => "data may identify people or places",
    };
}
