using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Replay.Canary;

/// <summary>Raises a challenger's share, promotes it or rolls it back, as its calls show. Any number of processes may do so at once: each change is made once.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what was done.</param>
public sealed partial class CanaryService(ICallStore store, TimeProvider time, ILogger<CanaryService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly CanaryFollower _follower = new(store, time);
    private readonly CanaryShares _shares = new(store, time);
    private CanaryStatus? _status;
    private bool _told;

    /// <summary>How the challenger stands, as of a second ago; null when there never was one.</summary>
    public CanaryStatus? Status => Volatile.Read(ref _status);

    /// <summary>Looks once, and does what is due; whether something was.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var status = await _follower.ReadAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _status, status);
        if (status is not { Record.IsOn: true })
            return false;
        if (await _shares.FollowAsync(status, cancellationToken).ConfigureAwait(false) is not { } changed)
            return false;
        if (changed.Change == CanaryChange.RolledBack)
            LogRolledBack(changed.Challenger, changed.Note ?? "");
        else
            LogChanged(changed.Challenger, WireName.Of(changed.Change), changed.Share, changed.Note ?? "");
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await LookAsync(stoppingToken).ConfigureAwait(false))
                {
                }
                _told = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (!_told)
                    LogNotRead(e.Message);
                _told = true;
            }
            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Routing logic {Version} was rolled back and decides no calls any more: {Why}")]
    private partial void LogRolledBack(string version, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Canary of routing logic {Version}: {Change}, {Share} % of the calls. {Why}")]
    private partial void LogChanged(string version, string change, int share, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot be looked now how the canary stands; tried again every second. {Problem}")]
    private partial void LogNotRead(string problem);
}
