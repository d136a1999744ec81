using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Service;
using FaceAnonStream.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace FaceAnonStream.Tests.Service;

/// <summary>A service on a free port of loopback, with streams that do what a test says.</summary>
internal sealed class ServiceRig : IAsyncDisposable
{
    public const string Token = "correct-horse-battery";

    private readonly StreamService _service;

    private ServiceRig(ServiceConfiguration configuration, Func<ServiceParts, ServiceParts> adapt)
    {
        Next = new ServiceResult(configuration, []);
        _service = new StreamService(adapt(new ServiceParts
        {
            Configuration = configuration,
            ReadConfiguration = () => Next,
            CreateStreams = _ => Task.FromResult<ILiveStreamFactory>(Streams),
            Logging = logging => logging.AddProvider(Log),
            Time = TimeProvider.System,
            Patience = StreamHostRig.Impatient,
            SnapshotInterval = TimeSpan.FromMilliseconds(50),
        }));
    }

    public ScriptedStreams Streams { get; } = new();

    public LogLines Log { get; } = new();

    /// <summary>What the configuration file says when it is read the next time.</summary>
    public ServiceResult Next { get; set; }

    public StreamService Service => _service;

    public HttpClient Client { get; private set; } = null!;

    public static Task<ServiceRig> StartAsync(params IReadOnlyList<StreamConfiguration> streams) =>
        StartAsync(ScriptedStreams.Service(streams));

    public static async Task<ServiceRig> StartAsync(
        ServiceConfiguration configuration, Func<ServiceParts, ServiceParts>? adapt = null, Action<ServiceRig>? prepare = null)
    {
        var rig = new ServiceRig(configuration, adapt ?? (parts => parts));
        prepare?.Invoke(rig);
        await rig._service.StartAsync(CancellationToken.None);
        rig.Client = new HttpClient { BaseAddress = rig._service.Address };
        if (configuration.Token is not null)
        {
            rig.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        return rig;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent(json ?? "", Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public async Task<JsonNode> StreamAsync(string name) => (await Client.GetFromJsonAsync<JsonNode>($"/api/v1/streams/{name}"))!;

    public async Task ReachesAsync(string name, string state)
    {
        var deadline = Task.Delay(TimeSpan.FromSeconds(30));
        while ((await StreamAsync(name))["state"]!.GetValue<string>() != state)
        {
            deadline.IsCompleted.ShouldBeFalse($"{name} never became {state}");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Eventually.EndsAsync(_service.DisposeAsync().AsTask());
    }
}
