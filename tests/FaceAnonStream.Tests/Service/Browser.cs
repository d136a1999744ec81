using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceAnonStream.Tests.Hosting;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;

namespace FaceAnonStream.Tests.Service;

/// <summary>A headless Chromium, driven as W3C WebDriver has it.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private const string Driver = "/usr/bin/chromedriver";
    private const string ElementKey = "element-6066-11e4-a52e-4f735466cecf";

    private readonly TemporaryFolder _profile = new();
    private readonly HttpClient _client;
    private readonly Process _driver;
    private string _session = "";

    private Browser(Process driver, int port)
    {
        _driver = driver;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Skips the test where there is no browser, and fails it there when CI runs it.</summary>
    public static async Task<Browser> StartAsync()
    {
        var driver = Command.Start(PeerPrograms.Require(Driver), ["--port=0", "--allowed-ips=127.0.0.1"]);
        int? port = null;
        while (port is null && await driver.StandardOutput.ReadLineAsync() is { } line)
        {
            port = Started().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].Value, null) : null;
        }

        _ = driver.StandardOutput.ReadToEndAsync();
        _ = driver.StandardError.ReadToEndAsync();
        var browser = new Browser(driver, port ?? throw new InvalidOperationException("chromedriver did not start"));
        try
        {
            await browser.OpenSessionAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task GoAsync(Uri address) => CallAsync("url", new JsonObject { ["url"] = address.ToString() });

    /// <summary>The text of an element; null where there is none that is shown.</summary>
    public async Task<string?> TextAsync(string selector) => (await RunAsync(
        "const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText : null", selector))?.GetValue<string>();

    /// <summary>What a script returns.</summary>
    public Task<JsonNode?> RunAsync(string script, params IEnumerable<JsonNode?> arguments) =>
        CallAsync("execute/sync", new JsonObject { ["script"] = script, ["args"] = new JsonArray([.. arguments]) });

    public async Task ClickAsync(string selector)
    {
        await SeesAsync(selector);
        var element = await CallAsync("element", new JsonObject { ["using"] = "css selector", ["value"] = selector });
        await CallAsync($"element/{element![ElementKey]}/click", new JsonObject());
    }

    /// <summary>Presses keys where the focus is; <c>\uE004</c> is Tab, <c>\uE007</c> Enter.</summary>
    public async Task PressAsync(string keys)
    {
        var actions = new JsonArray([.. keys.SelectMany(key => (JsonNode[])[
            new JsonObject { ["type"] = "keyDown", ["value"] = key.ToString() }, new JsonObject { ["type"] = "keyUp", ["value"] = key.ToString() }])]);
        await CallAsync("actions", new JsonObject
        {
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "key", ["id"] = "keyboard", ["actions"] = actions }),
        });
    }

    /// <summary>Returns when an element is shown, and holds a text where one is given.</summary>
    public Task SeesAsync(string selector, string text = "") => ComesTrueAsync(
        "const e = document.querySelector(arguments[0]); return !!e && e.checkVisibility() && e.innerText.includes(arguments[1])", selector, text);

    public async Task ComesTrueAsync(string script, params string[] arguments)
    {
        var began = TimeProvider.System.GetTimestamp();
        while ((await RunAsync(script, arguments.Select(argument => (JsonNode?)argument)))?.GetValue<bool>() != true)
        {
            (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30)).ShouldBeTrue(
                $"never: {script} with {string.Join(", ", arguments)}; the page says: {await TextAsync("body")}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>What the page wrote to its console, refused requests included.</summary>
    public async Task<IReadOnlyList<string>> ConsoleAsync() =>
        [.. (await CallAsync("se/log", new JsonObject { ["type"] = "browser" }))!.AsArray().Select(entry => entry!["message"]!.GetValue<string>())];

    public async ValueTask DisposeAsync()
    {
        if (_session.Length > 0)
        {
            await _client.DeleteAsync($"session/{_session}");
        }

        _client.Dispose();
        _driver.Kill(entireProcessTree: true);
        await Eventually.EndsAsync(_driver.WaitForExitAsync());
        _driver.Dispose();
        _profile.Dispose();
    }

    private async Task OpenSessionAsync()
    {
        string[] switches =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=1000,900", $"--user-data-dir={_profile.Root}",
        ];
        var capabilities = new JsonObject
        {
            ["goog:chromeOptions"] = new JsonObject { ["args"] = new JsonArray([.. switches.Select(option => (JsonNode?)option)]) },
            ["goog:loggingPrefs"] = new JsonObject { ["browser"] = "ALL" },
        };
        var answer = await PostAsync("session", new JsonObject { ["capabilities"] = new JsonObject { ["alwaysMatch"] = capabilities } });
        _session = answer!["sessionId"]!.GetValue<string>();
    }

    private Task<JsonNode?> CallAsync(string command, JsonObject body) => PostAsync($"session/{_session}/{command}", body);

    private async Task<JsonNode?> PostAsync(string path, JsonObject body)
    {
        // Its length beforehand: chromedriver takes no chunks.
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(path, content);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        return response.IsSuccessStatusCode ? answer!["value"] : throw new InvalidOperationException($"{path}: {answer!["value"]!["message"]}");
    }

    [GeneratedRegex(@"started successfully on port (\d+)")]
    private static partial Regex Started();
}
