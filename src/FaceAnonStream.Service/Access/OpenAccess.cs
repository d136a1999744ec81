using Microsoft.AspNetCore.Http;

namespace FaceAnonStream.Service.Access;

/// <summary>Marks what anybody may ask for without a token.</summary>
internal sealed class OpenAccess
{
    public static OpenAccess Instance { get; } = new();

    /// <summary>Whether a request asks for such a thing.</summary>
    public static bool IsGiven(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<OpenAccess>() is not null;
}
