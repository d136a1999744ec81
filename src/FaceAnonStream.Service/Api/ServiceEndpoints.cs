using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Service.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FaceAnonStream.Service.Api;

/// <summary>The service as a whole: whether it is well, what happens, its metrics, and reloads.</summary>
internal static class ServiceEndpoints
{
    private const string MetricsFormat = "text/plain; version=0.0.4; charset=utf-8";

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n"))
            .WithTags("Service")
            .WithSummary("Whether the process is alive. Needs no token.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithMetadata(OpenAccess.Instance)
            .DisableRateLimiting();
        routes.MapGet("/readyz", (StreamHost host) => Ready(Readiness.Of(host)))
            .WithTags("Service")
            .WithSummary("Whether models are loaded and every stream is past its first attempt.")
            .WithDescription("A stream that is being tried again does not count: restarting the service would not help it.")
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
        routes.MapPost("/api/v1/reload", ReloadAsync)
            .WithTags("Service")
            .WithSummary("Reads the configuration file anew, as SIGHUP does.")
            .WithDescription("Unchanged streams run on. A file with a problem changes nothing. needsRestart lists what takes effect at the next start.")
            .Produces<AppliedChanges>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/events", (StreamHost host, IHostApplicationLifetime lifetime, CancellationToken ct) =>
                TypedResults.ServerSentEvents(SnapshotsAsync(host, parts, lifetime.ApplicationStopping, ct), "snapshot"))
            .WithTags("Service")
            .WithSummary("A snapshot of all streams, once a second, as server-sent events.")
            .Produces<Snapshot>(StatusCodes.Status200OK, "text/event-stream");
        if (parts.Metrics is { } metrics)
        {
            routes.MapGet("/metrics", async (CancellationToken ct) =>
                {
                    // Complete before it is sent, so that a failure is an error and no torn page.
                    var page = new MemoryStream();
                    await metrics.WriteAsync(page, ct);
                    return TypedResults.Bytes(page.ToArray(), MetricsFormat);
                })
                .WithTags("Service")
                .WithSummary("Metrics in Prometheus' text format.")
                .Produces<string>(StatusCodes.Status200OK, "text/plain");
        }
    }

    private static JsonHttpResult<Readiness> Ready(Readiness readiness) => TypedResults.Json(
        readiness, statusCode: readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> ReloadAsync(ConfigurationReload reload, CancellationToken ct)
    {
        var (changes, errors) = await reload.ReloadAsync(ct);
        return changes is null
            ? Problems.Result(StatusCodes.Status400BadRequest, "the configuration file has problems, and nothing was changed", errors)
            : TypedResults.Ok(changes);
    }

    private static async IAsyncEnumerable<Snapshot> SnapshotsAsync(
        StreamHost host, ServiceParts parts, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        using var timer = new PeriodicTimer(parts.SnapshotInterval, parts.Time);
        do
        {
            yield return new Snapshot(parts.Time.GetUtcNow(), Readiness.Of(host).Ready, [.. host.Streams.Select(StreamView.Of)]);
        }
        while (await TicksAsync(timer, ends.Token));
    }

    private static async Task<bool> TicksAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
