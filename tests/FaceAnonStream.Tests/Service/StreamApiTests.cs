using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Hosting;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service;

public sealed class StreamApiTests
{
    private const string Definition = """
        {"name": "gate", "source": "rtsp://camera.test/gate", "output": "rtsp://server.test/gate",
         "sourceCredentials": "operator:hunter22", "redact": {"method": "solid"}}
        """;

    [Fact]
    public async Task Get_ScriptedStream_ShowsItsStateAndNumbers()
    {
        await using var rig = await ServiceRig.StartAsync(
            ScriptedStreams.Configuration("door", "rtsp://operator:hunter22@camera.test/door?key=s3cret"));
        await rig.ReachesAsync("door", "running");

        var text = await rig.Client.GetStringAsync("/api/v1/streams");
        var door = JsonNode.Parse(text)![0]!;

        door["name"]!.GetValue<string>().ShouldBe("door");
        door["source"]!.GetValue<string>().ShouldBe("rtsp://***@camera.test/door?***");
        door["origin"]!.GetValue<string>().ShouldBe("file");
        door["vitals"]!["framesIn"]!.GetValue<long>().ShouldBe(10);
        door["vitals"]!["source"]!.GetValue<string>().ShouldBe("up");
        door["vitals"]!["lookAheadMs"]!.GetValue<int>().ShouldBe(400);
        text.ShouldNotContain("hunter22");
        text.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Post_NewStream_RunsAndShowsNoCredentials()
    {
        await using var rig = await ServiceRig.StartAsync();

        var response = await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", Definition);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location!.ToString().ShouldBe("/api/v1/streams/gate");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("hunter22");
        await rig.ReachesAsync("gate", "running");
        (await rig.StreamAsync("gate"))["origin"]!.GetValue<string>().ShouldBe("api");
        rig.Streams.Newest("gate").Configuration.Options.Redact.Method.ShouldBe(FaceAnonStream.Redaction.RedactionMethod.Solid);
        rig.Streams.Newest("gate").Configuration.Source.ShouldBe(
            FaceAnonStream.Media.Live.Endpoint.Source("rtsp://operator:hunter22@camera.test/gate"));
        rig.Log.All.ShouldAllBe(line => !line.Contains("hunter22"));
    }

    [Fact]
    public async Task Post_SameNameTwice_IsAConflict()
    {
        await using var rig = await ServiceRig.StartAsync();
        await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", Definition);

        await ShouldBeProblemAsync(
            await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", Definition), HttpStatusCode.Conflict, "there is a stream gate already");
    }

    [Fact]
    public async Task Post_ManyMistakes_ReportsEveryOne()
    {
        await using var rig = await ServiceRig.StartAsync();

        var problem = await ShouldBeProblemAsync(
            await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", """
                {"name": "Gate!", "source": "ftp://user:hunter22@x", "output": "/etc/passwd", "sourceCredentialsFile": "/etc/shadow",
                 "sourceCredentials": "hunter22", "enabled": "yes", "media": {"ffmpeg": "/bin/sh", "frameMemoryMb": 4096, "crf": 99}, "detect": {"tiles": 2},
                 "redact": {"cells": 1, "cells": 2}, "live": {"maxLatencyMs": 100}}
                """),
            HttpStatusCode.BadRequest,
            "the stream is not defined well");

        problem["errors"]!.AsArray().Select(error => error!.GetValue<string>()).ShouldBe([
            "stream.sourceCredentialsFile: unknown key; allowed name, source, output, sourceCredentials, outputCredentials, enabled, track, align, identity, redact, media, live",
            "stream.enabled: yes; allowed true, false",
            "stream.media.ffmpeg: not by API; allowed in the configuration file only",
            "stream.media.frameMemoryMb: not by API; allowed in the configuration file only",
            "stream.media.crf: 99; allowed -1 to 63",
            "stream.detect: unknown key; allowed name, source, output, sourceCredentials, outputCredentials, enabled, track, align, identity, redact, media, live",
            "stream.redact.cells: given twice; allowed once",
            "stream.name: Gate!; allowed 1 to 64 of a-z, 0-9, - and _, the first a letter or a digit",
            "stream.sourceCredentials: not credentials; allowed one line user:password",
            "stream.source: ftp://; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://, http://, https://",
            "stream.output: a local path; allowed an address, or a path where the service has an apiOutputFolder",
            "stream.live.maxLatencyMs: 100; allowed 700 or more, for track.lookAheadMs 400 and align.lookAheadMs 0",
        ], ignoreOrder: true);
        problem.ToJsonString().ShouldNotContain("hunter22");
        (await rig.Client.GetStringAsync("/api/v1/streams")).ShouldBe("[]");
    }

    [Theory]
    [InlineData("", "the body is no JSON")]
    [InlineData("{", "the body is no JSON")]
    [InlineData("[[[[[[[[[[[[1]]]]]]]]]]]]", "the body is no JSON")]
    [InlineData("[]", "the stream is not defined well")]
    [InlineData("null", "the stream is not defined well")]
    [InlineData("""{"name": "\ud800"}""", "the stream is not defined well")]
    [InlineData("""{"\udc00": "gate"}""", "the stream is not defined well")]
    [InlineData("""{"live": {"whenAway": ["\ud800"]}}""", "the stream is not defined well")]
    public async Task Post_NoDefinition_IsAProblem(string body, string detail)
    {
        await using var rig = await ServiceRig.StartAsync();

        await ShouldBeProblemAsync(await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", body), HttpStatusCode.BadRequest, detail);
    }

    [Fact]
    public async Task Post_EnvironmentOfTheService_CannotBeReached()
    {
        await using var rig = await ServiceRig.StartAsync();

        await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", """
            {"name": "gate", "source": "rtsp://camera.test/${PATH}", "output": "rtsp://server.test/gate"}
            """);

        (await rig.StreamAsync("gate"))["source"]!.GetValue<string>().ShouldContain("PATH");
    }

    [Theory]
    [InlineData("cam/live.m3u8", true)]
    [InlineData("../live.m3u8", false)]
    [InlineData("cam/../../live.m3u8", false)]
    [InlineData("/etc/live.m3u8", false)]
    [InlineData("/etc/a-folder-whose-name-is-longer-than-that-of-any-temporary-folder/live.m3u8", false)]
    [InlineData("-i.m3u8", true)]
    [InlineData("cam/%d.m3u8", false)]
    [InlineData("file:x.m3u8", false)]
    [InlineData(".", false)]
    public async Task Post_LocalOutput_StaysWithinTheFolder(string output, bool isAllowed)
    {
        using var folder = new TemporaryFolder();
        var configuration = ScriptedStreams.Service();
        await using var rig = await ServiceRig.StartAsync(
            configuration with { Service = configuration.Service with { ApiOutputFolder = folder.Root } });

        var response = await rig.SendAsync(
            HttpMethod.Post, "/api/v1/streams", $$"""{"name": "gate", "source": "rtsp://camera.test/gate", "output": "{{output}}"}""");

        response.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.Created : HttpStatusCode.BadRequest);
        if (isAllowed)
        {
            (await rig.StreamAsync("gate"))["output"]!.GetValue<string>().ShouldBe(Path.Combine(folder.Root, output));
        }
    }

    [Fact]
    public async Task Put_ChangedStream_IsStartedAnewAndAnEqualOneRunsOn()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("gate"));
        await rig.ReachesAsync("gate", "running");
        var definition = Definition.Replace("\"name\": \"gate\", ", "", StringComparison.Ordinal);

        (await rig.SendAsync(HttpMethod.Put, "/api/v1/streams/gate", definition)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await rig.ReachesAsync("gate", "running");
        rig.Streams.Count("gate").ShouldBe(2);
        (await rig.SendAsync(HttpMethod.Put, "/api/v1/streams/gate", definition)).StatusCode.ShouldBe(HttpStatusCode.OK);

        rig.Streams.Count("gate").ShouldBe(2);
        (await rig.SendAsync(HttpMethod.Put, "/api/v1/streams/Gate", definition)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await rig.SendAsync(HttpMethod.Put, "/api/v1/streams/gate", Definition)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "the name stands twice");
    }

    [Fact]
    public async Task StopStartDelete_OneStream_DoWhatTheySay()
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("door"));
        await rig.ReachesAsync("door", "running");

        var stopped = await rig.SendAsync(HttpMethod.Post, "/api/v1/streams/door/stop");
        (await stopped.Content.ReadFromJsonAsync<JsonNode>())!["state"]!.GetValue<string>().ShouldBe("stopped");
        (await rig.SendAsync(HttpMethod.Post, "/api/v1/streams/door/start")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await rig.ReachesAsync("door", "running");
        (await rig.SendAsync(HttpMethod.Delete, "/api/v1/streams/door")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/start"), (HttpMethod.Post, "/stop")])
        {
            await ShouldBeProblemAsync(
                await rig.SendAsync(method, $"/api/v1/streams/door{path}"), HttpStatusCode.NotFound, "there is no stream door");
        }
    }

    [Fact]
    public async Task Preview_FilesOfThePreviewOnly_AreServed()
    {
        await using var rig = await ServiceRig.StartAsync(
            ScriptedStreams.Service(ScriptedStreams.Configuration("door")),
            prepare: rig => rig.Streams.Script("door", configuration => new ScriptedStream(configuration) { Preview = new OneFilePreview() }));
        await rig.ReachesAsync("door", "running");

        var playlist = await rig.Client.GetAsync("/api/v1/streams/door/preview/index.m3u8");
        playlist.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apple.mpegurl");
        playlist.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await playlist.Content.ReadAsStringAsync()).ShouldBe("index.m3u8");
        foreach (var name in (string[])["none.m4s", "..%2findex.m3u8", "index.m3u8.txt", "index.m3u8%00"])
        {
            (await rig.Client.GetAsync($"/api/v1/streams/door/preview/{name}")).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        }

        (await rig.Client.GetAsync("/api/v1/streams/none/preview/index.m3u8")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    internal static async Task<JsonNode> ShouldBeProblemAsync(HttpResponseMessage response, HttpStatusCode status, string detail)
    {
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        problem["status"]!.GetValue<int>().ShouldBe((int)status);
        problem["detail"]!.GetValue<string>().ShouldBe(detail);
        return problem;
    }

    private sealed class OneFilePreview : IStreamPreview
    {
        public Stream? Open(string fileName) => fileName == "index.m3u8" ? new MemoryStream("index.m3u8"u8.ToArray()) : null;
    }
}
