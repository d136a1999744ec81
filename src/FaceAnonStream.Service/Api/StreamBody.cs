using System.Text.Json;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using Microsoft.AspNetCore.Http;

namespace FaceAnonStream.Service.Api;

/// <summary>Reads the stream that a caller defines.</summary>
internal static class StreamBody
{
    private const int MaxDepth = 8;

    /// <param name="request">Its body is the definition.</param>
    /// <param name="name">The stream's name where the address holds it.</param>
    /// <param name="host">Knows the settings of all streams.</param>
    /// <param name="service">Says where callers may have files written.</param>
    /// <returns>The stream, or the answer that says what is wrong.</returns>
    public static async Task<(StreamConfiguration? Stream, IResult? Refusal)> ReadAsync(
        HttpRequest request, string? name, StreamHost host, ServiceOptions service)
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problems.Result(StatusCodes.Status415UnsupportedMediaType, "allowed application/json"));
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(
                request.Body, new JsonDocumentOptions { MaxDepth = MaxDepth }, request.HttpContext.RequestAborted);
            var result = StreamJson.Read(json.RootElement, name, host.Settings, service.ApiOutputFolder);
            return result.Configuration is { } stream
                ? (stream, null)
                : (null, Problems.Result(StatusCodes.Status400BadRequest, "the stream is not defined well", result.Errors));
        }
        catch (JsonException exception)
        {
            return (null, Problems.Result(
                StatusCodes.Status400BadRequest,
                "the body is no JSON",
                [$"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: not JSON, or nested too deeply"]));
        }
    }
}
