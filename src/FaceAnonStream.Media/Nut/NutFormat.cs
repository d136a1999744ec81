namespace FaceAnonStream.Media.Nut;

/// <summary>Constants of the NUT container. Source: "NUT Open Container Format", versions 3 and 4.</summary>
internal static class NutFormat
{
    public const ulong MainStartcode = 0x4E4D7A561F5F04AD;
    public const ulong StreamStartcode = 0x4E5311405BF2F9DB;
    public const ulong SyncpointStartcode = 0x4E4BE4ADEECA4569;
    public const ulong IndexStartcode = 0x4E58DD672F23E64E;
    public const ulong InfoStartcode = 0x4E49AB68B596BA78;

    /// <summary>First byte of every startcode; no frame code has this value.</summary>
    public const byte StartcodeByte = (byte)'N';

    public const int StartcodeBytes = 8;

    public const int ChecksumBytes = 4;

    /// <summary>A forward pointer beyond this is followed by a checksum of its own.</summary>
    public const int UncheckedForwardPointer = 4096;

    /// <summary>Elision headers apply to frames up to this size only.</summary>
    public const int MaxElidedFrame = 4096;

    public const int FinalVersion = 3;

    /// <summary>The version that introduced the flags in the main header.</summary>
    public const int FlaggedVersion = 4;

    /// <summary>Main header flag: one syncpoint, at the start.</summary>
    public const uint PipeFlag = 2;

    public const int FrameCodes = 256;

    /// <summary>Largest accepted timestamp, in ticks: times the number of time bases it still fits 64 bits.</summary>
    public const long MaxPts = (1L << 55) - 1;

    public static ReadOnlySpan<byte> FileId => "nut/multimedia container\0"u8;
}

/// <summary>What a frame's header holds and means.</summary>
[Flags]
internal enum NutFrameFlags
{
    None = 0,
    Key = 1,
    EndOfRelevance = 2,
    CodedPts = 8,
    StreamId = 16,
    SizeMsb = 32,
    Checksum = 64,
    Reserved = 128,
    SideData = 256,
    HeaderIndex = 1024,
    MatchTime = 2048,
    Coded = 4096,
    Invalid = 8192,
}

internal static class NutFrameFlagsExtensions
{
    /// <summary>Unlike <see cref="Enum.HasFlag"/> it never allocates, not even in code that is yet to be optimised.</summary>
    public static bool Has(this NutFrameFlags flags, NutFrameFlags flag) => (flags & flag) != 0;
}
