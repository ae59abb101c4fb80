using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using IProjectionCoordinator = Marten.Events.Daemon.Coordination.IProjectionCoordinator;

namespace EventCalls.Marten;

/// <summary>Lets a projection or subscription go on that Marten's daemon stopped because its progress was not where it had left it.</summary>
/// <remarks>
/// That happens when PostgreSQL dies: a commit succeeds and its answer is lost, so that it is tried again; or the lock of the process that works dies with its connection, and two work for a moment.
/// No batch is then applied twice, since the progress commits with it. But the daemon takes the exception for another process being at work, and the coordinator starts only what has paused, not what has
/// stopped: the process that holds the lock did nothing from then on, and no other could (JasperFx.Events 2.100). What has been taken out is started anew by the coordinator, from the progress that is stored.
/// </remarks>
internal sealed partial class StoppedShards(
    IServiceProvider services, IDocumentStore store, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StoppedShards> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An application without .AddAsyncDaemon has none.
        if (services.GetService<IProjectionCoordinator>() is not { } coordinator)
            return;
        // Before the coordinator stops: it stops shards too.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(((DocumentStore)store).Options.Projections.LeadershipPollingTime), time);
        while (await NextTickAsync(timer, stopping.Token))
        {
            try
            {
                foreach (var daemon in await coordinator.AllDaemonsAsync())
                    await TakeOutAsync(daemon);
            }
            catch (Exception e)
            {
                if (!stopping.IsCancellationRequested)
                    LogFailed(e);
            }
        }
    }

    // Being told to stop is no failure. The host of an application that could not start takes an exception for one, and says more of it than of what really happened.
    private static async Task<bool> NextTickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakeOutAsync(IProjectionDaemon daemon)
    {
        foreach (var agent in daemon.CurrentAgents().Where(agent => agent is { Status: AgentStatus.Stopped, Failure: not null }))
        {
            LogStopped(agent.Name.Identity, agent.Failure!.Message);
            await daemon.StopAgentAsync(agent.Name.Identity);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Shard} had stopped and is started anew from its stored progress. It said: {Why}")]
    private partial void LogStopped(string shard, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "What had stopped could not be started anew; tried again")]
    private partial void LogFailed(Exception e);
}
