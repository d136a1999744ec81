using FaceAnonStream.Configuration;

namespace FaceAnonStream.Media;

/// <summary>What happens to the sound.</summary>
public enum AudioPolicy
{
    /// <summary>Left out: voices identify people.</summary>
    Drop,

    /// <summary>Copied packet by packet, bit-exact.</summary>
    Copy,
}

/// <summary>What a picture that the decoder finds damaged means for the job.</summary>
public enum DecodeErrorPolicy
{
    /// <summary>The job fails.</summary>
    Fail,

    /// <summary>The decoder conceals what it can and the job goes on.</summary>
    Conceal,
}

/// <summary>Decoding, encoding and what else the output holds.</summary>
public sealed record MediaOptions
{
    [Setting("Sound: left out by default because voices identify people, or copied bit-exact.")]
    public AudioPolicy Audio { get; init; } = AudioPolicy.Drop;

    [Setting("ffmpeg's name of the video encoder.", Pattern = "[A-Za-z0-9_][A-Za-z0-9_-]*", PatternMeaning = "an encoder's name such as libx264")]
    public string VideoCodec { get; init; } = "libx264";

    [Setting("The encoder's preset; empty for the encoder's own default.", Pattern = "[A-Za-z0-9_]*", PatternMeaning = "a preset's name such as veryfast")]
    public string Preset { get; init; } = "veryfast";

    [Setting("The encoder's constant rate factor: lower is better and larger; -1 for the encoder's own default.", Min = -1, Max = 63)]
    public int Crf { get; init; } = 20;

    [Setting("Whether damaged input fails the job or is concealed by the decoder.")]
    public DecodeErrorPolicy OnDecodeError { get; init; } = DecodeErrorPolicy.Fail;

    [Setting("Memory, in MiB, for decoded frames. It bounds the look-ahead of large pictures.", Min = 32, Max = 65536)]
    public int FrameMemoryMb { get; init; } = 256;

    [Setting("Path or name of the ffmpeg program.", Pattern = ".+", PatternMeaning = "a path or name")]
    public string Ffmpeg { get; init; } = "ffmpeg";

    [Setting("Path or name of the ffprobe program.", Pattern = ".+", PatternMeaning = "a path or name")]
    public string Ffprobe { get; init; } = "ffprobe";

    [Setting("How long, in milliseconds, a child process may take to stop by itself before it is killed.", Min = 0, Max = 600000)]
    public int StopGraceMs { get; init; } = 3000;
}
