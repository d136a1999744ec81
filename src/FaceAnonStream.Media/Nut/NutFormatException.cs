namespace FaceAnonStream.Media.Nut;

/// <summary>The bytes of a NUT stream break the format's rules or the reader's limits.</summary>
public sealed class NutFormatException : Exception
{
    public NutFormatException(string message, long offset)
        : this(message, offset, isTruncation: false)
    {
    }

    private NutFormatException(string message, long offset, bool isTruncation)
        : base($"NUT stream, byte {offset}: {message}")
    {
        Offset = offset;
        IsTruncation = isTruncation;
    }

    /// <summary>Bytes from the start of the stream to the structure that is wrong, or to where the stream ended.</summary>
    public long Offset { get; }

    /// <summary>Whether the stream ended inside a structure, as when its writer died.</summary>
    public bool IsTruncation { get; }

    internal static NutFormatException Truncated(long offset) => new("the stream ends too early", offset, isTruncation: true);
}
