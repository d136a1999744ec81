using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace FaceAnonStream.Service.Api;

/// <summary>What went wrong, as RFC 9457 has it. <c>errors</c> lists every problem of a configuration.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>As an answer.</summary>
    public static IResult Result(int status, string detail, IReadOnlyList<string>? errors = null) =>
        TypedResults.Json(Details(status, detail, errors), contentType: ContentType, statusCode: status);

    /// <summary>In place of an answer.</summary>
    public static Task WriteAsync(HttpContext context, int status, string? detail = null)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            Details(status, detail, null), options: null, contentType: ContentType, context.RequestAborted);
    }

    private static ProblemDetails Details(int status, string? detail, IReadOnlyList<string>? errors)
    {
        var details = new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        if (errors is not null)
        {
            details.Extensions["errors"] = errors;
        }

        return details;
    }
}
