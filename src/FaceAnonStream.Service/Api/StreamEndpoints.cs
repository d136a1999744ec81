using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceAnonStream.Service.Api;

/// <summary>Streams, to be seen, added, changed, started, stopped and removed.</summary>
internal static class StreamEndpoints
{
    private const string Json = "application/json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var streams = routes.MapGroup("/api/v1/streams").WithTags("Streams");
        streams.MapGet("", (StreamHost host) => host.Streams.Select(StreamView.Of).ToList())
            .WithSummary("Every stream, by name.")
            .Produces<List<StreamView>>();
        streams.MapPost("", AddAsync)
            .WithSummary("Adds a stream, and starts it where it is enabled.")
            .WithDescription("It is kept in memory: the configuration file stays as it is, and knows nothing of it after a restart.")
            .Accepts<StreamDefinition>(Json)
            .Produces<StreamView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        streams.MapGet("{name}", (string name, StreamHost host) => View(name, host))
            .WithSummary("One stream.")
            .Produces<StreamView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        streams.MapPut("{name}", ReplaceAsync)
            .WithSummary("Puts a stream in the place of the one of this name, or adds it.")
            .WithDescription("It is kept in memory: a reload or a restart brings back what the configuration file says. An equal one runs on.")
            .Accepts<StreamDefinition>(Json)
            .Produces<StreamView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        streams.MapDelete("{name}", async (string name, StreamHost host) => await host.RemoveAsync(name) ? TypedResults.NoContent() : Unknown(name))
            .WithSummary("Ends a stream and forgets it.")
            .WithDescription("A reload or a restart brings back what the configuration file says.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        streams.MapPost("{name}/start", async (string name, StreamHost host, CancellationToken ct) =>
                await host.StartAsync(name, ct) ? View(name, host) : Unknown(name))
            .WithSummary("Starts a stream; one that runs already runs on.")
            .Produces<StreamView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        streams.MapPost("{name}/stop", async (string name, StreamHost host, CancellationToken ct) =>
                await host.StopAsync(name, ct) ? View(name, host) : Unknown(name))
            .WithSummary("Ends a stream until it is started again. Answers when it has ended.")
            .Produces<StreamView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        streams.MapGet("{name}/preview/{file}", Preview)
            .WithSummary("A file of the HLS rendition of the anonymised output: index.m3u8 and what it names.")
            .WithDescription("Asking for the playlist starts the rendition, which takes a moment; until then the answer is 404.")
            .Produces<Stream>(StatusCodes.Status200OK, PreviewFile.Video, PreviewFile.Playlist)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> AddAsync(HttpRequest request, StreamHost host, ServiceConfiguration service)
    {
        var (stream, refusal) = await StreamBody.ReadAsync(request, name: null, host, service.Service);
        if (stream is null)
        {
            return refusal!;
        }

        return await host.AddAsync(stream, StreamOrigin.Api) is { } conflict
            ? Problems.Result(StatusCodes.Status409Conflict, conflict.Message)
            : TypedResults.Created($"/api/v1/streams/{stream.Name}", StreamView.Of(host.Find(stream.Name)!));
    }

    private static async Task<IResult> ReplaceAsync(string name, HttpRequest request, StreamHost host, ServiceConfiguration service)
    {
        var (stream, refusal) = await StreamBody.ReadAsync(request, name, host, service.Service);
        if (stream is null)
        {
            return refusal!;
        }

        return await host.ReplaceAsync(stream, StreamOrigin.Api) is { } conflict
            ? Problems.Result(StatusCodes.Status409Conflict, conflict.Message)
            : View(name, host);
    }

    private static IResult Preview(string name, string file, StreamHost host) =>
        PreviewFile.ContentTypeOf(file) is { } type && host.Find(name)?.Preview?.Open(file) is { } content
            ? TypedResults.Stream(content, type)
            : Problems.Result(StatusCodes.Status404NotFound, "there is no such file, or not yet");

    private static IResult View(string name, StreamHost host) =>
        host.Find(name) is { } stream ? TypedResults.Ok(StreamView.Of(stream)) : Unknown(name);

    private static IResult Unknown(string name) =>
        Problems.Result(StatusCodes.Status404NotFound, $"there is no stream {Hosting.OneLine.Excerpt(name)}");
}
