using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Identity;

/// <summary>
/// The secret that identities are drawn with: whoever has it can tell which surrogate a track gets, nobody else can. It is
/// kept in memory only, and nothing prints it.
/// </summary>
public sealed class IdentityKey
{
    /// <summary>Fewest bytes of a key: 128 bits.</summary>
    public const int MinBytes = 16;

    /// <summary>Most bytes of a key: more is another file, named by mistake.</summary>
    public const int MaxBytes = 4096;

    private const int SecretBytes = 32;

    private readonly byte[] _secret;

    private IdentityKey(byte[] secret) => _secret = secret;

    /// <summary>A new key that nobody knows.</summary>
    public static IdentityKey Random() => new(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The key that a file's content stands for: all of its bytes count, a line feed at the end too.</summary>
    /// <param name="name">How an error calls the file.</param>
    /// <param name="content"><see cref="MinBytes"/> to <see cref="MaxBytes"/> bytes, as hard to guess as the key shall be.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: too short, too long, or all bytes
    /// are the same.</exception>
    public static IdentityKey Parse(string name, ReadOnlySpan<byte> content)
    {
        if (content.Length is < MinBytes or > MaxBytes)
        {
            throw Refused(name, $"a key of {content.Length} bytes; allowed {MinBytes} to {MaxBytes}");
        }

        return content.ContainsAnyExcept(content[0])
            ? new IdentityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, content.ToArray(), SecretBytes, info: "faceanon identity key"u8.ToArray()))
            : throw Refused(name, "a key whose bytes are all the same; allowed random bytes");
    }

    /// <inheritdoc/>
    public override string ToString() => "identity key (secret)";

    /// <summary>
    /// Numbers that follow from the key and a name, and look random to whoever lacks the key: HMAC-SHA256 as a key
    /// derivation function in counter mode (NIST SP 800-108r1, 4.1), so all 256 bits of the key count.
    /// </summary>
    /// <param name="numbers">Filled.</param>
    /// <param name="streamId">The stream, in any number of characters.</param>
    /// <param name="trackId">The track in it.</param>
    /// <param name="attempt">Which of a track's draws.</param>
    internal void Derive(Span<ulong> numbers, string streamId, int trackId, int attempt)
    {
        // With its length in front, no stream's name can be mistaken for another stream's name and track.
        var stream = Encoding.UTF8.GetBytes(streamId);
        var context = new byte[stream.Length + (3 * sizeof(int))];
        BinaryPrimitives.WriteInt32BigEndian(context, stream.Length);
        stream.CopyTo(context, sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(context.AsSpan(sizeof(int) + stream.Length), trackId);
        BinaryPrimitives.WriteInt32BigEndian(context.AsSpan((2 * sizeof(int)) + stream.Length), attempt);

        var bytes = new byte[numbers.Length * sizeof(ulong)];
        SP800108HmacCounterKdf.DeriveBytes(_secret, HashAlgorithmName.SHA256, "faceanon k-same draw"u8, context, bytes);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)));
        }
    }

    private static FaultException Refused(string name, string why) => new(FaultOrigin.Configuration, $"{name}: {why}");
}
