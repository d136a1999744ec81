using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Service.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceAnonStream.Service.Api;

/// <summary>Completes the OpenAPI document: what the API is, and who may call it.</summary>
internal static class ApiDocument
{
    private const string Scheme = "bearer";

    public static void Configure(OpenApiOptions options)
    {
        options.AddSchemaTransformer(SettingSchemas.CompleteAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "FaceAnonStream",
                Version = "v1",
                Description = "Live streams that are anonymised. Callers present a token where the service has one; without one it "
                    + $"listens on loopback only. Names of streams: 1 to 64 of a-z, 0-9, - and _; at most {ServiceConfiguration.MaxStreams} streams.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Scheme,
                Description = "The token of service.tokenFile or service.tokenEnv.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<OpenAccess>().Any())
            {
                return Task.CompletedTask;
            }

            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            operation.Responses ??= [];
            Add(operation.Responses, "401", "The token is missing or wrong.");
            Add(operation.Responses, "429", "Too many requests.");
            return Task.CompletedTask;
        });
    }

    private static void Add(OpenApiResponses responses, string status, string description) => responses.TryAdd(
        status,
        new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType> { [Problems.ContentType] = new OpenApiMediaType() },
        });
}
