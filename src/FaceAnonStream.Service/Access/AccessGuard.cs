using System.Net;
using System.Net.Http.Headers;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Service.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Service.Access;

/// <summary>
/// Decides who may ask. With a token, callers present it. Without one the service listens on loopback only, and what is left
/// to fear are proxies on this machine, which most often say that they are one, and web pages in a browser on it: a page that
/// points its own name at us has another Host, one that asks for something is of another site, as its browser says, and one
/// that sends us orders has another Origin or sends what is no JSON.
/// </summary>
internal sealed class AccessGuard(
    RequestDelegate next, ServiceConfiguration service, RequestBudgets budgets, TimeProvider time, ILogger<AccessGuard> logger)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);
    private static readonly string[] ProxyHeaders = ["Forwarded", "Via", "X-Real-IP"];

    private readonly Lock _lock = new();
    private int _refused;
    private long? _saidAt;

    public Task InvokeAsync(HttpContext context)
    {
        var refusal = service.Token is { } token ? MissingToken(context, token) : Foreign(context.Request);
        if (refusal is not var (status, reason))
        {
            return next(context);
        }

        Note(context.Connection.RemoteIpAddress, reason);
        using var lease = budgets.Refused.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            RequestBudgets.TurnAway(context);
            return Task.CompletedTask;
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return Problems.WriteAsync(context, status, reason);
    }

    private static (int Status, string Reason)? MissingToken(HttpContext context, AccessToken token)
    {
        if (OpenAccess.IsGiven(context))
        {
            return null;
        }

        var presented = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && token.Matches(header.Parameter ?? "");
        return presented ? null : (StatusCodes.Status401Unauthorized, "the token is missing or wrong");
    }

    private static (int Status, string Reason)? Foreign(HttpRequest request)
    {
        if (request.Headers.Keys.Any(IsOfAProxy))
        {
            return (
                StatusCodes.Status403Forbidden,
                "the request came through a proxy: set service.tokenFile or service.tokenEnv, whose token callers then present");
        }

        if (request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            return (StatusCodes.Status421MisdirectedRequest, "without a token the service answers to localhost, 127.0.0.1 and [::1] only");
        }

        if (ComesFromAnotherSite(request))
        {
            return (StatusCodes.Status403Forbidden, "without a token, other sites may link to the service's page, and ask for nothing else");
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        var origin = request.Headers.Origin.ToString();
        var isOwn = origin == $"{request.Scheme}://{request.Host}";
        return isOwn || (origin.Length == 0 && request.HasJsonContentType())
            ? null
            : (StatusCodes.Status403Forbidden, "without a token, orders come from the service's own page or with Content-Type: application/json");
    }

    private static bool ComesFromAnotherSite(HttpRequest request)
    {
        // Browsers tell; other programs need not.
        var isOwn = request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";
        var isLink = request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        return !isOwn && !isLink;
    }

    private static bool IsOfAProxy(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ProxyHeaders.Contains(header, StringComparer.OrdinalIgnoreCase);

    private void Note(IPAddress? caller, string reason)
    {
        lock (_lock)
        {
            _refused++;
            if (_saidAt is { } said && time.GetElapsedTime(said) < LogEvery)
            {
                return;
            }

            ServiceLog.Refused(logger, _refused, caller?.ToString() ?? "nowhere", reason);
            (_refused, _saidAt) = (0, time.GetTimestamp());
        }
    }
}
