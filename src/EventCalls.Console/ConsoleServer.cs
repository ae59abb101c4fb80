using System.Net.Sockets;
using EventCalls.Console.Calls;
using EventCalls.Console.Commands;
using EventCalls.Console.Connections;
using EventCalls.Console.DeadLetters;
using EventCalls.Console.Describing;
using EventCalls.Console.Figures;
using EventCalls.Console.Forks;
using EventCalls.Console.Health;
using EventCalls.Console.Live;
using EventCalls.Console.Logic;
using EventCalls.Console.Pages;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Queues;
using EventCalls.Console.Recordings;
using EventCalls.Console.Replays;
using EventCalls.Console.Security;
using EventCalls.Console.Security.OpenId;
using EventCalls.Console.Values;
using EventCalls.Console.Webhooks;
using EventCalls.Store.Notifying;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console;

/// <summary>The HTTP server of a process: its API, its health and its pages, from one port.</summary>
/// <remarks>Nothing of it is configured but by <see cref="ConsoleOptions"/>: no file and no variable of ASP.NET's own is read.</remarks>
public sealed partial class ConsoleServer : IAsyncDisposable
{
    private const long MaxBody = 1 << 20;
    private const int MaxHead = 16 << 10;
    private const int Leaving = 256;
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly LiveBoard _live;
    private readonly CallExplainer? _explainer;

    private readonly ReplayJobs _replays;
    private readonly ForkJobs _forks;
    private readonly MeteredFigures _metered = new();

    private ConsoleServer(WebApplication app, LiveBoard live, CallExplainer? explainer, ReplayJobs replays, ForkJobs forks) =>
        (_app, _live, _explainer, _replays, _forks) = (app, live, explainer, replays, forks);

    /// <summary>What is listened on, with the port that was taken.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(url => new Uri(url))];

    /// <summary>What is served: method and path of each end point.</summary>
    internal IEnumerable<string> Routes =>
        from endpoint in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

    /// <summary>Listens; returns when requests are taken.</summary>
    /// <exception cref="ConsoleRefusedException">It cannot listen there, or may not.</exception>
    public static async Task<ConsoleServer> StartAsync(ConsoleOptions options, ConsoleSources sources, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(loggers);
        var logger = loggers.CreateLogger<ConsoleServer>();
        options.OpenId?.Check(options.EndPoint);
        var keys = Keys(options, logger);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "eventcalls", EnvironmentName = Environments.Production });
        Configure(builder, options, time, loggers);
        var server = new ConsoleServer(
            builder.Build(), new LiveBoard(sources.Store, time, loggers.CreateLogger<LiveBoard>()), sources.Explainer is { } make ? new CallExplainer(make) : null, new ReplayJobs(sources, time), new ForkJobs(sources, time));
        try
        {
            server.Compose(sources, new Access(keys, new FailedKeys(time), options.OpenId is not null, AllowedOrigins.Of(options)), options, time, logger);
            await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new ConsoleRefusedException($"EventCalls:Http:Listen is '{options.Listen}'; {e.Message.TrimEnd('.')}: choose a free address and port, or stop the program that has it", e);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        LogListening(logger, string.Join(", ", server.Addresses), keys is null && options.OpenId is null ? "without keys, for everybody on this machine and nobody else" : options.OpenId is { } openId ? $"with {(keys is null ? "" : "API keys and ")}{openId.Authority.Host} for people" : "with API keys");
        return server;
    }

    /// <summary>Ends: requests under way have some seconds, then they are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        // First: who follows calls would keep the connection open to the limit.
        await _live.DisposeAsync().ConfigureAwait(false);
        using (var limit = new CancellationTokenSource(s_stopLimit))
            await _app.StopAsync(limit.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        if (_explainer is not null)
            await _explainer.DisposeAsync().ConfigureAwait(false);
        await _replays.DisposeAsync().ConfigureAwait(false);
        await _forks.DisposeAsync().ConfigureAwait(false);
        _metered.Dispose();
    }

    private void Compose(ConsoleSources sources, Access access, ConsoleOptions options, TimeProvider time, ILogger logger)
    {
        var problems = new ProblemAnswers(logger);
        _app.Use(static (context, next) => SecurityHeaders.SetAsync(context, next));
        if (AllowedOrigins.Of(options) is { } origins)
            _app.Use((context, next) => origins.AnswerAsync(context, next));
        _app.Use((context, next) => problems.AnswerAsync(context, next));
        _app.Use(static (context, next) => PageEndpoints.ShowMissingAsync(context, next));
        if (options.OpenId is not null)
            _app.UseAuthentication();
        // A HEAD is a GET of which only the head is sent, as Kestrel does by itself (RFC 9110 §9.3.2). One of a stream would not end.
        _app.Use(static (context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments(LiveEndpoints.Stream))
                context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        _app.UseRouting();
        _app.Use((context, next) => access.CheckAsync(context, next));
        _app.Use(static (context, next) => OpenConnections.HoldAsync(context, next));
        _app.Use(static (context, next) => QueryParameters.CheckAsync(context, next));
        HealthEndpoints.Map(_app, sources);
        new CallEndpoints(sources.Store, _explainer, time).Map(_app);
        new RecordingEndpoints(sources.Store, sources.Recordings, logger).Map(_app);
        new LiveEndpoints(sources.Store, _live, time).Map(_app);
        new CommandEndpoints(sources).Map(_app);
        new HandoffEndpoints(sources.Store).Map(_app);
        var versions = new LogicVersions(sources.Store);
        new LogicEndpoints(sources.Store, versions, sources.LogicFrom, sources.ActiveLogic, sources.CompileLogic).Map(_app);
        new SteeringEndpoints(sources, time).Map(_app);
        new ValueEndpoints(sources.Store, time).Map(_app);
        new CanaryEndpoints(sources, time).Map(_app);
        new ShadowEndpoints(sources, time).Map(_app);
        new ServiceEndpoints(sources, time).Map(_app);
        var deadLetters = new DeadLetterActs(sources.Store, time);
        deadLetters.Map(_app);
        new QueueEndpoints(sources, deadLetters).Map(_app);
        new WebhookEndpoints((IWebhookQueue)sources.Store, sources.Webhooks, deadLetters, time).Map(_app);
        SignIn.Map(_app, access, options.OpenId);
        new ReplayEndpoints(sources.Store, _replays).Map(_app);
        new ForkEndpoints(sources.Store, _forks).Map(_app);
        PageEndpoints.Map(_app, sources, versions, _replays, time);
        MetricsEndpoint.Map(_app, sources, _metered);
        ApiDocument.Map(_app);
    }

    // Without keys nobody but this machine can ask; with keys nobody without one, wherever it listens.
    private static KeyRing? Keys(ConsoleOptions options, ILogger logger)
    {
        bool isLoopback = System.Net.IPAddress.IsLoopback(options.EndPoint.Address);
        if (options.Keys is not { } path)
        {
            return isLoopback || options.OpenId is not null ? null : throw new ConsoleRefusedException(
                $"EventCalls:Http:Listen is '{options.Listen}', which others than this machine reach, and there are no API keys; name a file for them in EventCalls:Http:Keys and make one with "
                + "'eventcalls keys new NAME --scope operate', or listen on http://127.0.0.1:8080");
        }
        var keys = new KeyRing(new ApiKeyFile(path), logger);
        if (!keys.Any && !isLoopback && options.OpenId is null)
            throw new ConsoleRefusedException($"EventCalls:Http:Keys is '{path}'; there is no key in it that is worth anything: make one with 'eventcalls keys new NAME --scope operate'");
        if (!keys.Any)
            LogNoKey(logger, path);
        return keys;
    }

    private static void Configure(WebApplicationBuilder builder, ConsoleOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var endPoint = options.EndPoint;
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfTheNode>();
        builder.Services.AddRoutingCore();
        builder.Services.AddRazorComponents();
        if (options.OpenId is { } openId)
            OpenIdSignIn.Add(builder.Services, openId, time);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Beside those that may be open there are those that were told to go and are not gone yet.
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections + Leaving;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHead;
            kestrel.Limits.RequestHeadersTimeout = options.HeadTimeout;
            kestrel.Limits.KeepAliveTimeout = options.HeadTimeout;
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                var connections = new OpenConnections(options.MaxConnections);
                listen.Use(next => connection => connections.ServeAsync(connection, next));
            });
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HTTP listens on {Addresses}, {Access}")]
    private static partial void LogListening(ILogger logger, string addresses, string access);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No API key in {File} is worth anything, so nobody may use the API; 'eventcalls keys new NAME --scope operate' makes one")]
    private static partial void LogNoKey(ILogger logger, string file);

    // Signals are the node's: it stops the console when the calls have ended.
    private sealed class LifetimeOfTheNode : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
