using System.Text.Json;
using System.Text.Json.Serialization;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Service.Access;
using FaceAnonStream.Service.Api;
using FaceAnonStream.Service.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Service;

/// <summary>Live streams behind an HTTP API and a web page.</summary>
public sealed class StreamService : IAsyncDisposable
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxConnections = 512;

    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<ILiveStreamFactory> _factory = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServiceParts _parts;
    private readonly WebApplication _application;
    private readonly StreamHost _host;
    private readonly ConfigurationReload _reload;
    private readonly ILogger<StreamService> _logger;
    private Task _loading = Task.CompletedTask;

    /// <param name="parts">What it is put together from.</param>
    public StreamService(ServiceParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _application = Build();
        _host = _application.Services.GetRequiredService<StreamHost>();
        _reload = _application.Services.GetRequiredService<ConfigurationReload>();
        _logger = _application.Services.GetRequiredService<ILogger<StreamService>>();
    }

    /// <summary>Where it listens, once it was started.</summary>
    public Uri Address => new(_application.Urls.Single());

    /// <summary>Every endpoint, for tests of their description.</summary>
    internal IEnumerable<RouteEndpoint> Endpoints =>
        ((IEndpointRouteBuilder)_application).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Answers requests, and begins to load models.</summary>
    /// <exception cref="IOException">The address is taken.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        // Streams wait for the models, so none runs before the address is known to be free.
        await _reload.ApplyAsync(_parts.Configuration);
        await _application.StartAsync(ct);
        var address = Address.ToString();
        ServiceLog.Listening(_logger, address);
        _loading = Task.Run(LoadModelsAsync, CancellationToken.None);
    }

    /// <summary>Runs from its start until it is asked to end, or models cannot be loaded or fail for good: then whoever looks
    /// after the process starts a new one, which is what helps.</summary>
    /// <exception cref="Faults.FaultException">Models cannot be loaded, or fail for good.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await StartAsync(ct);
        var streams = await _factory.Task.WaitAsync(ct);
        var fault = await streams.Broken.WaitAsync(ct);
        ServiceLog.ModelsBroken(_logger, fault.Message);
        throw fault;
    }

    /// <summary>Reads the configuration anew; what is wrong with it is logged.</summary>
    public Task ReloadAsync(CancellationToken ct) => _reload.ReloadAsync(ct);

    /// <summary>Ends every stream, answers no more, and lets go of the models.</summary>
    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(ShutdownGrace, _parts.Time);
        await Task.WhenAll(_application.StopAsync(grace.Token), _host.DisposeAsync().AsTask());
        await _application.DisposeAsync();

        // Native code that is loading a model must not be torn down in the middle.
        await _loading.WaitAsync(ShutdownGrace, _parts.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_factory.Task.IsCompletedSuccessfully)
        {
            await DisposeAsync(await _factory.Task);
        }
    }

    private static async ValueTask DisposeAsync(object factory)
    {
        if (factory is IAsyncDisposable lasting)
        {
            await lasting.DisposeAsync();
        }
        else
        {
            (factory as IDisposable)?.Dispose();
        }
    }

    private async Task LoadModelsAsync()
    {
        try
        {
            _factory.SetResult(await _parts.CreateStreams(_parts.Configuration));
            ServiceLog.ModelsLoaded(_logger);
        }
        catch (Exception exception)
        {
            // Whoever runs the service is told by the task.
            ServiceLog.ModelsFailed(_logger);
            _factory.SetException(exception);
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "FaceAnonStream.Service" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It says with a stack trace what is thrown to whoever starts the service.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        _parts.Logging(builder.Logging);
        AddServices(builder.Services);
        var application = builder.Build();
        application.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Problems.WriteAsync(context, context.Response.StatusCode),
            StatusCodeSelector = exception => exception is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        application.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
        application.Use(SecurityHeaders.InvokeAsync);
        application.UseRouting();
        application.UseMiddleware<AccessGuard>();
        application.UseRateLimiter();
        application.MapOpenApi("/openapi/{documentName}.json");
        PageFiles.Map(application);
        StreamEndpoints.Map(application);
        ServiceEndpoints.Map(application, _parts);
        return application;
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton(_parts.Time);
        services.AddSingleton(_parts.Configuration);
        services.AddSingleton(provider => new StreamHost(
            _factory.Task, _parts.Patience, _parts.Time, provider.GetRequiredService<ILogger<StreamHost>>()));
        services.AddSingleton(provider => new ConfigurationReload(
            provider.GetRequiredService<StreamHost>(), _parts.ReadConfiguration, provider.GetRequiredService<ILogger<ConfigurationReload>>()));
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        services.AddRoutingCore();
        services.AddOpenApi(ApiDocument.Configure);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        services.AddSingleton<RequestBudgets>();
        services.AddRateLimiter().AddOptions<RateLimiterOptions>().Configure<RequestBudgets>((limiter, budgets) =>
        {
            limiter.GlobalLimiter = budgets.Answered;
            limiter.OnRejected = (rejected, _) =>
            {
                RequestBudgets.TurnAway(rejected.HttpContext);
                return ValueTask.CompletedTask;
            };
        });
    }

    private void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Listen(_parts.Configuration.Service.Endpoint!);
    }

    /// <summary>Whoever runs the service says when it ends: the framework watches no signals.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
