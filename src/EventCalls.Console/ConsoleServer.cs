using System.Net.Sockets;
using EventCalls.Console.Health;
using EventCalls.Console.Pages;
using EventCalls.Console.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
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
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private ConsoleServer(WebApplication app) => _app = app;

    /// <summary>What is listened on, with the port that was taken.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(url => new Uri(url))];

    /// <summary>Listens; returns when requests are taken.</summary>
    /// <exception cref="ConsoleRefusedException">It cannot listen there, or may not.</exception>
    public static async Task<ConsoleServer> StartAsync(ConsoleOptions options, ConsoleSources sources, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(loggers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "eventcalls", EnvironmentName = Environments.Production });
        Configure(builder, options, time, loggers);
        var app = builder.Build();
        try
        {
            app.Use(static (context, next) => SecurityHeaders.SetAsync(context, next));
            app.UseRouting();
            HealthEndpoints.Map(app, sources);
            PageEndpoints.Map(app, sources, time);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new ConsoleRefusedException($"EventCalls:Http:Listen is '{options.Listen}'; {e.Message.TrimEnd('.')}: choose a free address and port, or stop the program that has it", e);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var server = new ConsoleServer(app);
        LogListening(loggers.CreateLogger<ConsoleServer>(), string.Join(", ", server.Addresses));
        return server;
    }

    /// <summary>Ends: requests under way have some seconds, then they are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var limit = new CancellationTokenSource(s_stopLimit))
            await _app.StopAsync(limit.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(WebApplicationBuilder builder, ConsoleOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var endPoint = options.EndPoint;
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfTheNode>();
        builder.Services.AddRoutingCore();
        builder.Services.AddRazorComponents();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHead;
            kestrel.Limits.RequestHeadersTimeout = options.HeadTimeout;
            kestrel.Limits.KeepAliveTimeout = options.HeadTimeout;
            kestrel.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HTTP listens on {Addresses}")]
    private static partial void LogListening(ILogger logger, string addresses);

    // Signals are the node's: it stops the console when the calls have ended.
    private sealed class LifetimeOfTheNode : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
