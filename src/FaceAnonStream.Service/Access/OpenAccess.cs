namespace FaceAnonStream.Service.Access;

/// <summary>Marks what anybody may ask for without a token.</summary>
internal sealed class OpenAccess
{
    public static OpenAccess Instance { get; } = new();
}
