using System.Net;
using System.Net.Http.Headers;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Hosting;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service;

/// <summary>Who may ask for what.</summary>
public sealed class AccessTests
{
    private static readonly ServiceConfiguration Guarded = ScriptedStreams.Service(ScriptedStreams.Configuration("door")) with
    {
        Token = AccessToken.Parse(ServiceRig.Token),
    };

    [Fact]
    public async Task Token_EveryEndpoint_NeedsItButThePageAndHealth()
    {
        await using var rig = await ServiceRig.StartAsync(Guarded, parts => parts with { Metrics = new OneMetric() });
        await rig.ReachesAsync("door", "running");
        using var stranger = new HttpClient { BaseAddress = rig.Service.Address };
        string[] open = ["/", "/healthz", "/app.js", "/style.css"];
        string[] closed = ["/readyz", "/metrics", "/openapi/v1.json", "/api/v1/streams", "/api/v1/streams/door", "/api/v1/events", "/api/v1/streams/door/preview/index.m3u8", "/nowhere"];

        foreach (var path in open)
        {
            (await stranger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        foreach (var path in closed)
        {
            var refused = await stranger.GetAsync(path);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
            refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        foreach (var (method, path) in ((HttpMethod, string)[])
            [(HttpMethod.Post, "/api/v1/streams"), (HttpMethod.Put, "/api/v1/streams/door"), (HttpMethod.Delete, "/api/v1/streams/door"),
             (HttpMethod.Post, "/api/v1/streams/door/stop"), (HttpMethod.Post, "/api/v1/streams/door/start"), (HttpMethod.Post, "/api/v1/reload")])
        {
            (await stranger.SendAsync(new HttpRequestMessage(method, path))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }

        (await rig.Client.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        rig.Streams.Count("door").ShouldBe(1);
        rig.Log.All.ShouldContain(line => line.Contains("the token is missing or wrong", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer", ServiceRig.Token, true)]
    [InlineData("bearer", ServiceRig.Token, true)]
    [InlineData("Bearer", ServiceRig.Token + "x", false)]
    [InlineData("Bearer", "correct-horse-batter", false)]
    [InlineData("Bearer", "Correct-horse-battery", false)]
    [InlineData("Bearer", null, false)]
    [InlineData("Basic", ServiceRig.Token, false)]
    public async Task Token_Presented_MustBeTheOne(string scheme, string? token, bool passes)
    {
        await using var rig = await ServiceRig.StartAsync(Guarded);
        rig.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, token);

        (await rig.Client.GetAsync("/api/v1/streams")).StatusCode.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost:9", true)]
    [InlineData("[::1]:9", true)]
    [InlineData("evil.test", false)]
    [InlineData("127.0.0.1.evil.test", false)]
    [InlineData("localhost.evil.test:8088", false)]
    [InlineData("192.168.1.2", false)]
    public async Task NoToken_Host_MustBeThisMachine(string host, bool passes)
    {
        await using var rig = await ServiceRig.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/streams");
        request.Headers.Host = host;

        (await rig.Client.SendAsync(request)).StatusCode.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.7")]
    [InlineData("X-Forwarded-For", "192.0.2.7")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Real-IP", "192.0.2.7")]
    [InlineData("Via", "1.1 proxy")]
    public async Task NoToken_ThroughAProxy_IsToldToSetOne(string header, string value)
    {
        await using var open = await ServiceRig.StartAsync();
        await using var guarded = await ServiceRig.StartAsync(Guarded);

        await StreamApiTests.ShouldBeProblemAsync(
            await open.SendAsync(HttpMethod.Get, "/api/v1/streams", headers: (header, value)),
            HttpStatusCode.Forbidden,
            "the request came through a proxy: set service.tokenFile or service.tokenEnv, whose token callers then present");
        (await guarded.SendAsync(HttpMethod.Get, "/api/v1/streams", headers: (header, value))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v1/streams", "none", "navigate", "document", true)]
    [InlineData("/api/v1/streams", "same-origin", "cors", "empty", true)]
    [InlineData("/api/v1/streams", "cross-site", "no-cors", "empty", false)]
    [InlineData("/api/v1/streams", "same-site", "no-cors", "empty", false)]
    [InlineData("/api/v1/streams", "cross-site", "navigate", "document", false)]
    [InlineData("/api/v1/streams", "unheard-of", "no-cors", "empty", false)]
    [InlineData("/app.js", "cross-site", "no-cors", "script", false)]
    [InlineData("/", "cross-site", "navigate", "document", true)]
    [InlineData("/", "same-site", "navigate", "document", true)]
    [InlineData("/", "cross-site", "navigate", "iframe", false)]
    [InlineData("/", "cross-site", "no-cors", "document", false)]
    public async Task NoToken_OtherSites_MayLinkToThePageOnly(string path, string site, string mode, string destination, bool passes)
    {
        await using var rig = await ServiceRig.StartAsync();

        var answer = await rig.SendAsync(
            HttpMethod.Get, path, headers: [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)]);

        answer.StatusCode.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(null, "application/json", true)]
    [InlineData(null, "text/plain", false)]
    [InlineData(null, "application/x-www-form-urlencoded", false)]
    [InlineData("own", "text/plain", true)]
    [InlineData("http://evil.test", "application/json", false)]
    [InlineData("null", "application/json", false)]
    [InlineData("http://localhost:1", "application/json", false)]
    public async Task NoToken_Orders_NeedJsonOrTheOwnPage(string? origin, string contentType, bool passes)
    {
        await using var rig = await ServiceRig.StartAsync(ScriptedStreams.Configuration("door"));
        await rig.ReachesAsync("door", "running");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/streams/door/stop") { Content = new StringContent("") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? rig.Service.Address.ToString().TrimEnd('/') : origin);
        }

        (await rig.Client.SendAsync(request)).StatusCode.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        rig.Streams.Newest("door").IsDisposed.ShouldBe(passes);
    }

    [Fact]
    public async Task Answers_OfAnyKind_CarrySecurityHeaders()
    {
        await using var rig = await ServiceRig.StartAsync();

        foreach (var path in (string[])["/", "/api/v1/streams", "/nowhere"])
        {
            var headers = (await rig.Client.GetAsync(path)).Headers;
            var policy = headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            headers.Contains("Server").ShouldBeFalse();
            headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Requests_TooManyAtOnce_AreTurnedAwayButHealthIsNot()
    {
        await using var rig = await ServiceRig.StartAsync(Guarded with { Service = Guarded.Service with { RequestsPerSecond = 1 } });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.Client.GetAsync("/api/v1/streams")));

        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.OK);
        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        (await rig.Client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Behind a proxy all of them come from one address.</summary>
    [Fact]
    public async Task Requests_TooManyOfStrangers_AreTurnedAwayAndNobodyElseIs()
    {
        await using var rig = await ServiceRig.StartAsync(Guarded with { Service = Guarded.Service with { RequestsPerSecond = 1 } });
        using var stranger = new HttpClient { BaseAddress = rig.Service.Address };

        var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stranger.GetAsync("/api/v1/streams")));
        var open = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stranger.GetAsync("/")));

        refused.ShouldContain(answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        open.ShouldContain(answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var answers in (HttpResponseMessage[][])[refused, open])
        {
            var late = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
            late.Headers.GetValues("Retry-After").ShouldBe(["1"]);
            late.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        (await rig.Client.GetAsync("/api/v1/streams")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Body_TooLarge_IsTurnedAway()
    {
        await using var rig = await ServiceRig.StartAsync();

        var answer = await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", new string(' ', 65 * 1024));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    private sealed class OneMetric : FaceAnonStream.Service.IMetricsPage
    {
        public Task WriteAsync(Stream output, CancellationToken ct) => output.WriteAsync("up 1\n"u8.ToArray(), ct).AsTask();
    }
}
