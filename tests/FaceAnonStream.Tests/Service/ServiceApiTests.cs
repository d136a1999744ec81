using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service;

/// <summary>The service as a whole.</summary>
public sealed class ServiceApiTests
{
    [Fact]
    public async Task Readyz_UntilModelsAreLoadedAndStreamsTried_SaysWhatItWaitsFor()
    {
        using var loaded = new ManualResetEventSlim();
        var isUp = false;
        ServiceRig? made = null;
        await using var rig = await ServiceRig.StartAsync(
            ScriptedStreams.Service(ScriptedStreams.Configuration("door"), ScriptedStreams.Configuration("off", enabled: false)),
            parts => parts with
            {
                CreateStreams = _ =>
                {
                    loaded.Wait();
                    return Task.FromResult<ILiveStreamFactory>(made!.Streams);
                },
            },
            rig =>
            {
                made = rig;
                rig.Streams.Script("door", configuration => new ScriptedStream(configuration)
                {
                    Saying = () => isUp
                        ? ScriptedStream.Well
                        : ScriptedStream.Well with { Source = FaceAnonStream.Live.EndState.Connecting, FramesOut = 0 },
                });
            });

        (await rig.Client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ReadyAsync(rig, HttpStatusCode.ServiceUnavailable, "models are being loaded");
        loaded.Set();
        await Eventually.HoldsAsync(() => rig.Streams.Count("door") == 1);
        await ReadyAsync(rig, HttpStatusCode.ServiceUnavailable, "stream door is starting");
        isUp = true;
        await ReadyAsync(rig, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Readyz_StreamThatIsRetried_DoesNotCount()
    {
        await using var rig = await ServiceRig.StartAsync(
            ScriptedStreams.Service(ScriptedStreams.Configuration("door")),
            prepare: rig => rig.Streams.Script("door", _ => throw new IOException("no")));

        await ReadyAsync(rig, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Run_ModelsCannotBeLoaded_EndsWithTheFault()
    {
        var rig = await ServiceRig.StartAsync();
        await using var other = rig;
        await using var service = new FaceAnonStream.Service.StreamService(new FaceAnonStream.Service.ServiceParts
        {
            Configuration = ScriptedStreams.Service(ScriptedStreams.Configuration("door")),
            ReadConfiguration = () => throw new InvalidOperationException(),
            CreateStreams = _ => throw new FaultException(FaultOrigin.Model, "no such model"),
            Logging = _ => { },
            Time = TimeProvider.System,
            Patience = StreamHostRig.Impatient,
        });

        (await Should.ThrowAsync<FaultException>(() => Eventually.EndsAsync(service.RunAsync(CancellationToken.None)))).Message.ShouldBe("no such model");
    }

    [Fact]
    public async Task Run_ModelsFailForGood_EndsWithTheFault()
    {
        var streams = new ScriptedStreams();
        using var log = new LogLines();
        await using var service = new FaceAnonStream.Service.StreamService(new FaceAnonStream.Service.ServiceParts
        {
            Configuration = ScriptedStreams.Service(ScriptedStreams.Configuration("door")),
            ReadConfiguration = () => throw new InvalidOperationException(),
            CreateStreams = _ => Task.FromResult<ILiveStreamFactory>(streams),
            Logging = logging => logging.AddProvider(log),
            Time = TimeProvider.System,
            Patience = StreamHostRig.Impatient,
        });
        var running = service.RunAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => streams.Count("door") == 1);
        running.IsCompleted.ShouldBeFalse();

        streams.Breaking.SetResult(new FaultException(FaultOrigin.Model, "the GPU is lost"));

        (await Should.ThrowAsync<FaultException>(() => Eventually.EndsAsync(running))).Message.ShouldBe("the GPU is lost");
        log.All.ShouldContain("Critical: the GPU is lost; every stream and the service end, to be started anew in a new process");
    }

    [Fact]
    public async Task Start_TakenAddress_Throws()
    {
        await using var rig = await ServiceRig.StartAsync();
        var taken = ScriptedStreams.Service() with { Service = new ServiceOptions { Listen = rig.Service.Address.Authority } };

        await Should.ThrowAsync<IOException>(() => ServiceRig.StartAsync(taken));
    }

    [Fact]
    public async Task Reload_ValidFile_SaysWhatChanged()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("door"));
        rig.Next = new ServiceResult(ScriptedStreams.Service(ScriptedStreams.Configuration("gate")), []);

        var answer = await rig.SendAsync(HttpMethod.Post, "/api/v1/reload");

        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"added":["gate"],"changed":[],"removed":["door"],"unchanged":[],"needsRestart":[]}""");
        await rig.ReachesAsync("gate", "running");
    }

    [Fact]
    public async Task Reload_FileWithProblems_ChangesNothingAndReportsEveryOne()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("door"));
        await rig.ReachesAsync("door", "running");
        rig.Next = new ServiceResult(null, ["a.yaml:1: x: unknown key", "a.yaml:2: y: unknown key"]);

        var problem = await StreamApiTests.ShouldBeProblemAsync(
            await rig.SendAsync(HttpMethod.Post, "/api/v1/reload"), HttpStatusCode.BadRequest, "the configuration file has problems, and nothing was changed");

        problem["errors"]!.AsArray().Count.ShouldBe(2);
        rig.Log.All.Count(line => line.Contains("was not applied: a.yaml:", StringComparison.Ordinal)).ShouldBe(2);
        await rig.ReachesAsync("door", "running");
        rig.Streams.Count("door").ShouldBe(1);
    }

    [Fact]
    public async Task Events_WhileAStreamChanges_TellsSoAndEndsWithTheService()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("door"));
        await using var body = await rig.Client.GetStreamAsync("/api/v1/events");
        var states = new List<string>();

        await foreach (var item in SseParser.Create(body).EnumerateAsync())
        {
            item.EventType.ShouldBe("snapshot");
            var state = JsonNode.Parse(item.Data)!["streams"]![0]!["state"]!.GetValue<string>();
            if (state != states.LastOrDefault())
            {
                states.Add(state);
                if (state == "running")
                {
                    await rig.SendAsync(HttpMethod.Post, "/api/v1/streams/door/stop");
                }
                else if (state == "stopped")
                {
                    break;
                }
            }
        }

        states[^2..].ShouldBe(["running", "stopped"]);
    }

    [Fact]
    public async Task OpenApi_EveryEndpoint_IsDescribedWithItsAnswersAndWhoMayAsk()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Service(), parts => parts with { Metrics = new NoMetrics() });
        var document = (await rig.Client.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        var paths = document["paths"]!.AsObject();
        string[] open = ["/healthz"];
        var described = 0;

        foreach (var endpoint in rig.Service.Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true))
        {
            var path = endpoint.RoutePattern.RawText!;
            path = path.StartsWith('/') ? path.TrimEnd('/') : "/" + path;
            if (path.StartsWith("/openapi/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods)
            {
                described++;
                var operation = paths[path]?[method.ToLowerInvariant()];
                operation.ShouldNotBeNull($"{method} {path}");
                operation["summary"]!.GetValue<string>().ShouldNotBeEmpty(path);
                var answers = operation["responses"]!.AsObject();
                answers.ShouldContain(answer => answer.Key.StartsWith('2'), path);
                (operation["security"] is not null).ShouldBe(!open.Contains(path), path);
                answers.ContainsKey("401").ShouldBe(!open.Contains(path), path);
                answers.ContainsKey("404").ShouldBe(path.Contains("{name}", StringComparison.Ordinal) && method != "PUT", path);
                (operation["requestBody"] is not null).ShouldBe(method == "PUT" || (method == "POST" && path == "/api/v1/streams"), path);
            }
        }

        described.ShouldBeGreaterThanOrEqualTo(13);
        var scheme = document["components"]!["securitySchemes"]!["bearer"]!;
        scheme["type"]!.GetValue<string>().ShouldBe("http");
        scheme["scheme"]!.GetValue<string>().ShouldBe("bearer");
    }

    [Fact]
    public async Task OpenApi_Definition_HasTheSettingsThatCallersMaySetWithTheirRanges()
    {
        await using var rig = await ServiceRig.StartAsync();
        var schemas = (await rig.Client.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!["components"]!["schemas"]!;

        schemas["StreamDefinition"]!["required"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["source", "output"]);
        var described = SettingCatalog.Sections
            .Where(section => schemas["StreamDefinition"]!["properties"]![section.Key] is not null)
            .SelectMany(section => schemas[$"{char.ToUpperInvariant(section.Key[0])}{section.Key[1..]}Options"]!["properties"]!.AsObject()
                .Select(setting => $"{section.Key}.{setting.Key}"));
        described.ShouldBe(SettingCatalog.All.Where(StreamJson.Allows)
            .Where(setting => !setting.Path.StartsWith("detect.", StringComparison.Ordinal)).Select(setting => setting.Path));
        var latency = schemas["LiveOptions"]!["properties"]!["maxLatencyMs"]!;
        latency["type"]!.GetValue<string>().ShouldBe("integer");
        latency["minimum"]!.GetValue<int>().ShouldBe(100);
        latency["maximum"]!.GetValue<int>().ShouldBe(60000);
        latency["description"]!.GetValue<string>().ShouldStartWith("Longest time");
    }

    [Fact]
    public async Task UnknownPathOrMethod_IsAProblem()
    {
        await using var rig = await ServiceRig.StartAsync();

        foreach (var (method, path, status) in ((HttpMethod, string, HttpStatusCode)[])
            [(HttpMethod.Get, "/nowhere", HttpStatusCode.NotFound), (HttpMethod.Patch, "/api/v1/streams", HttpStatusCode.MethodNotAllowed)])
        {
            var answer = await rig.SendAsync(method, path);
            answer.StatusCode.ShouldBe(status);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    private static async Task ReadyAsync(ServiceRig rig, HttpStatusCode status, params string[] reasons)
    {
        HttpResponseMessage answer;
        JsonNode body;
        var patience = Task.Delay(TimeSpan.FromSeconds(30));
        do
        {
            answer = await rig.Client.GetAsync("/readyz");
            body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        }
        while (answer.StatusCode != status && !patience.IsCompleted);

        answer.StatusCode.ShouldBe(status);
        body["ready"]!.GetValue<bool>().ShouldBe(status == HttpStatusCode.OK);
        body["reasons"]!.AsArray().Select(reason => reason!.GetValue<string>()).ShouldBe(reasons);
    }

    private sealed class NoMetrics : FaceAnonStream.Service.IMetricsPage
    {
        public Task WriteAsync(Stream output, CancellationToken ct) => Task.CompletedTask;
    }
}
