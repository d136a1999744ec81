using System.Security.Cryptography;
using System.Text;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>The secret that callers of the service present. It is kept as a hash and never shown.</summary>
public sealed class AccessToken
{
    public const int MinLength = 16;
    private const int MaxLength = 512;

    private readonly byte[] _hash;

    private AccessToken(string text) => _hash = Hash(text);

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: not a token. The message does not show it.</exception>
    public static AccessToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= MinLength and <= MaxLength && text.All(character => character is > ' ' and <= '~')
            ? new AccessToken(text)
            : throw new FaultException(
                FaultOrigin.Configuration, $"not a token; allowed one line of {MinLength} to {MaxLength} ASCII characters without blanks");
    }

    /// <summary>Whether this is the token, in a time that does not depend on where it differs.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_hash, Hash(presented));

    public bool Equals(AccessToken? other) => other is not null && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    public override bool Equals(object? obj) => Equals(obj as AccessToken);

    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    public override string ToString() => "***";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
