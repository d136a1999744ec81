using System.Text.Json.Nodes;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Hosting;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service;

/// <summary>The web page in a real browser.</summary>
public sealed class PageTests
{
    private const string Tab = "\uE004";
    private const string Enter = "\uE007";

    [Fact]
    public async Task Page_RunningStream_ShowsItsNumbersAndFollowsItsState()
    {
        long frames = 0;
        var isAway = false;
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration)
        {
            Saying = () => ScriptedStream.Well with
            {
                FramesOut = Interlocked.Add(ref frames, 2),
                FramesIn = Interlocked.Read(ref frames),
                Source = isAway ? EndState.Away : EndState.Up,
                Problem = isAway ? "the camera hung up" : null,
            },
        });
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);

        await browser.SeesAsync(".card .state", "Running");
        (await browser.TextAsync(".card h2")).ShouldBe("door");
        await browser.SeesAsync("dd.latency", "13 ms");
        await browser.ComesTrueAsync("return parseFloat(document.querySelector('dd.fps-out').textContent) > 0");
        await browser.ComesTrueAsync("return document.querySelector('.spark path').getAttribute('d').includes('L')");
        await browser.SeesAsync("#total", "1 stream: 1 running");
        isAway = true;

        await browser.SeesAsync(".card .state", "Degraded");
        await browser.SeesAsync(".card .reason", "the camera hung up");
        (await browser.RunAsync("return document.getElementById('announcer').textContent"))!.GetValue<string>()
            .ShouldBe("door: Degraded, the camera hung up");
        (await browser.ConsoleAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_LinkFromAnotherSite_OpensIt()
    {
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration));
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(new UriBuilder(rig.Service.Address) { Host = "localhost" }.Uri);
        await browser.SeesAsync(".card .state", "Running");

        await browser.RunAsync("location.href = arguments[0]", rig.Service.Address.ToString());

        await browser.ComesTrueAsync("return location.hostname === '127.0.0.1'");
        await browser.SeesAsync(".card .state", "Running");
        rig.Log.All.ShouldAllBe(line => !line.Contains("refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_HostileReason_StaysText()
    {
        const string Attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration)
        {
            Saying = () => ScriptedStream.Well with { Problem = Attack },
        });
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);

        await browser.SeesAsync(".reason", Attack);
        (await browser.RunAsync("return document.title"))!.GetValue<string>().ShouldBe("FaceAnonStream");
        (await browser.RunAsync("return document.querySelectorAll('main img, main script').length"))!.GetValue<int>().ShouldBe(0);
        (await browser.ConsoleAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_StopByMouseAndStartByKeyboard_Work()
    {
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration));
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);

        await browser.ClickAsync(".stop");
        await browser.SeesAsync("#confirm h2", "Stop door?");
        await browser.ClickAsync("#confirm button[value=no]");
        await browser.ComesTrueAsync("return !document.getElementById('confirm').open");
        rig.Streams.Newest("door").IsDisposed.ShouldBeFalse();
        await browser.ClickAsync(".stop");
        await browser.ClickAsync("#confirm .risky");
        await browser.SeesAsync(".card .state", "Stopped");
        rig.Streams.Newest("door").IsDisposed.ShouldBeTrue();

        // The start button has taken the stop button's place, and its focus.
        await browser.ComesTrueAsync("return document.activeElement.matches('.start')");
        await browser.PressAsync(Enter);
        await browser.SeesAsync(".card .state", "Running");
        rig.Streams.Count("door").ShouldBe(2);
        (await browser.ConsoleAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_TabKey_ReachesEverythingAndShowsWhere()
    {
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration) { Preview = new NoPreview() });
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);
        await browser.SeesAsync(".watch");

        var reached = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            await browser.PressAsync(Tab);
            reached.Add((await browser.RunAsync("return document.activeElement.ariaLabel ?? document.activeElement.textContent"))!.GetValue<string>());
            (await browser.RunAsync("return getComputedStyle(document.activeElement).outlineStyle"))!.GetValue<string>().ShouldBe("solid");
        }

        reached.ShouldBe(["Skip to the streams", "Preview door", "Stop door"]);
        (await browser.RunAsync("return [...document.querySelectorAll('button, input, video, dialog')].filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.closest('[hidden]'))).length"))!
            .GetValue<int>().ShouldBe(0, "everything has a name");
    }

    [Fact]
    public async Task Page_Preview_Plays()
    {
        using var hls = await HlsFolder.MakeAsync();
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration) { Preview = hls }, withToken: true);
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);
        await GiveTokenAsync(browser, ServiceRig.Token);

        await browser.ClickAsync(".watch");

        // Twelve seconds are there; it begins two segments before their end.
        await browser.ComesTrueAsync("const v = document.querySelector('video'); return v.videoWidth === 320 && v.currentTime > 10.3 && !v.paused");
        (await browser.TextAsync(".preview p")).ShouldBe("");
        await browser.ClickAsync(".watch");
        await browser.ComesTrueAsync("return document.querySelector('.preview').hidden");
        (await browser.ConsoleAsync()).ShouldAllBe(line => line.Contains("401"));
    }

    [Fact]
    public async Task Page_Token_IsAskedForAgainWhenWrongAndKeptInTheTab()
    {
        await using var rig = await StartAsync(configuration => new ScriptedStream(configuration), withToken: true);
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);

        await GiveTokenAsync(browser, "wrong-wrong-wrong-wrong");
        await browser.SeesAsync("#token-why", "That token is wrong");
        await GiveTokenAsync(browser, ServiceRig.Token);
        await browser.SeesAsync(".card .state", "Running");
        await browser.GoAsync(rig.Service.Address);

        await browser.SeesAsync(".card .state", "Running");
        (await browser.RunAsync("return localStorage.length + document.cookie.length"))!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Page_ServiceGoesAway_SaysThatWhatIsSeenIsOld()
    {
        await using var browser = await Browser.StartAsync();
        await using (var rig = await StartAsync(configuration => new ScriptedStream(configuration)))
        {
            await browser.GoAsync(rig.Service.Address);
            await browser.SeesAsync(".card .state", "Running");
        }

        await browser.SeesAsync("#connection", "The connection to the service is lost");
    }

    [Fact]
    public async Task Page_NoStreams_SaysHowToAddSome()
    {
        await using var rig = await ServiceRig.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.GoAsync(rig.Service.Address);

        await browser.SeesAsync("#empty", "There are no streams yet");
        await browser.SeesAsync("#total", "0 streams");
        await rig.SendAsync(HttpMethod.Post, "/api/v1/streams", """{"name": "gate", "source": "rtsp://camera.test/gate", "output": "rtsp://server.test/gate"}""");
        await browser.SeesAsync(".card h2", "gate");
        await browser.SeesAsync(".route", "added by API");
        await browser.ComesTrueAsync("return document.getElementById('empty').hidden");
    }

    private static Task<ServiceRig> StartAsync(Func<StreamConfiguration, ScriptedStream> script, bool withToken = false) => ServiceRig.StartAsync(
        ScriptedStreams.Service(ScriptedStreams.Configuration("door")) with { Token = withToken ? AccessToken.Parse(ServiceRig.Token) : null },
        prepare: rig => rig.Streams.Script("door", script));

    private static async Task GiveTokenAsync(Browser browser, string token)
    {
        await browser.SeesAsync("#token");
        await browser.RunAsync("document.querySelector('#token input').value = arguments[0]", (JsonNode?)token);
        await browser.ClickAsync("#token button[type=submit]");
    }

    private sealed class NoPreview : IStreamPreview
    {
        public Stream? Open(string fileName) => null;
    }
}
