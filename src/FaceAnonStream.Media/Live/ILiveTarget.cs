namespace FaceAnonStream.Media.Live;

/// <summary>A place that live output goes to, again and again.</summary>
internal interface ILiveTarget
{
    /// <summary>Whether it opens at once or never: then pictures may wait for it.</summary>
    bool IsLocal { get; }

    /// <summary>Longest time between key pictures that it needs; null where it has no needs.</summary>
    TimeSpan? KeyframeInterval { get; }

    /// <summary>Prepares for another encoder.</summary>
    /// <exception cref="IOException">It cannot be written to now.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    ITargetSession Begin();

    /// <summary>What ffmpeg says, without secrets.</summary>
    string Scrub(string text);
}

/// <summary>What one encoder writes. One thread at a time.</summary>
internal interface ITargetSession
{
    /// <summary>Muxer, its options and the output's address.</summary>
    IReadOnlyList<string> Arguments { get; }

    /// <summary>Where the encoder runs; null where it does not matter.</summary>
    string? Folder { get; }

    /// <summary>The encoder's muxer has said something about its files.</summary>
    void Hear(string line);

    /// <summary>The encoder has gone on writing.</summary>
    /// <returns>Why its output is none, although it does not complain; null when all is well.</returns>
    string? Check();

    /// <summary>The encoder is gone.</summary>
    /// <param name="isComplete">Whether it ended well.</param>
    void End(bool isComplete);
}
