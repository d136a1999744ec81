using System.Net;
using System.Threading.RateLimiting;
using FaceAnonStream.Hosting.Configuration;
using Microsoft.AspNetCore.Http;

namespace FaceAnonStream.Service.Access;

/// <summary>
/// How many requests the callers of one address may make. Those of callers who may ask, those that anybody may make and those
/// that are refused use up separate budgets: behind a proxy all have one address, and strangers must not lock the others out.
/// </summary>
internal sealed class RequestBudgets(ServiceConfiguration service) : IDisposable
{
    /// <summary>Of requests that are answered.</summary>
    public PartitionedRateLimiter<HttpContext> Answered { get; } = Create(service.Service.RequestsPerSecond, OpenAccess.IsGiven);

    /// <summary>Of requests that are refused.</summary>
    public PartitionedRateLimiter<HttpContext> Refused { get; } = Create(service.Service.RequestsPerSecond, _ => false);

    /// <summary>Tells a caller whose budget is used up.</summary>
    public static void TurnAway(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "1";
    }

    public void Dispose()
    {
        Answered.Dispose();
        Refused.Dispose();
    }

    private static PartitionedRateLimiter<HttpContext> Create(int perSecond, Func<HttpContext, bool> isOpen) =>
        PartitionedRateLimiter.Create<HttpContext, (IPAddress? Caller, bool IsOpen)>(context => RateLimitPartition.GetTokenBucketLimiter(
            (context.Connection.RemoteIpAddress, isOpen(context)), _ => new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = perSecond,
                TokenLimit = 2 * perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
}
