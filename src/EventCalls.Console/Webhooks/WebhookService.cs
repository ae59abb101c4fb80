using EventCalls.Console.Following;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Webhooks;

/// <summary>Tells webhooks of events, at least once each; of several processes on one store that have webhooks configured, one at a time does it.</summary>
public sealed partial class WebhookService : IAsyncDisposable
{
    // No node can be called so.
    private const string Lease = "~webhooks";

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_deadKept = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_tidy = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<WebhookOptions> _webhooks;
    private readonly ICallStore _store;
    private readonly IWebhookQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private WebhookService(IReadOnlyList<WebhookOptions> webhooks, ICallStore store, TimeProvider time, ILogger logger)
    {
        (_webhooks, _store, _queue, _time, _logger) = (webhooks, store, (IWebhookQueue)store, time, logger);
        foreach (var webhook in webhooks.Where(webhook => webhook.Url.Scheme == Uri.UriSchemeHttp && !webhook.Url.IsLoopback))
            LogHttp(webhook.Name);
        _running = RunAsync(_stopping.Token);
    }

    /// <summary>Begins in the background; a store that is away is waited for.</summary>
    /// <param name="webhooks">Who is told.</param>
    /// <param name="store">The events, and what is owed; whoever gives it also closes it, after this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Says what was not taken, and why.</param>
    public static WebhookService Start(IReadOnlyList<WebhookOptions> webhooks, ICallStore store, TimeProvider time, ILogger<WebhookService> logger) =>
        new(webhooks, store, time, logger);

    /// <summary>Ends; what is under way is owed still, and sent again by who goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        bool isWaiting = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            // Made first: who frees the lease, and then the clock goes on, finds this one awake.
            var again = Task.Delay(s_again, _time, cancellationToken);
            try
            {
                await using var held = await ((INodeNames)_store).TryHoldAsync(Lease, cancellationToken).ConfigureAwait(false);
                if (held is not null)
                {
                    await WorkAsync(held, cancellationToken).ConfigureAwait(false);
                    isWaiting = false;
                }
                else if (!isWaiting)
                {
                    LogOther();
                    isWaiting = true;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is StoreUnreachableException or EventRefusedException)
            {
                LogAway(e.Message);
            }
            await again.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // While the lease is held.
    private async Task WorkAsync(IHeldName held, CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var senders = _webhooks.ToDictionary(webhook => webhook, webhook => new WebhookSender(webhook, _store, _queue, _time, _logger));
        var follower = new WebhookFollower(_store, _queue, _webhooks, _time, webhook => senders[webhook].Wake());
        try
        {
            await follower.BeginAsync(turn.Token).ConfigureAwait(false);
            LogHeld(_webhooks.Count);
            Task[] all = [FollowAsync(follower, turn.Token), .. senders.Values.Select(sender => sender.RunAsync(turn.Token)), held.Lost];
            // None ends by itself but for a fault, or with the lease.
            var first = await Task.WhenAny(all).ConfigureAwait(false);
            await turn.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(all[..^1]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first.ConfigureAwait(false);
        }
        finally
        {
            foreach (var sender in senders.Values)
                sender.Dispose();
        }
    }

    private async Task FollowAsync(WebhookFollower follower, CancellationToken cancellationToken)
    {
        var tidyAt = _time.GetUtcNow();
        await new StoreWatch(WebhookSender.Interval, WebhookSender.Interval, _time).RunAsync(LookAsync, LogAway, cancellationToken).ConfigureAwait(false);

        async Task<bool> LookAsync(CancellationToken cancellationToken)
        {
            await follower.LookAsync(cancellationToken).ConfigureAwait(false);
            if (_time.GetUtcNow() >= tidyAt)
            {
                await _queue.ForgetDeadAsync(_time.GetUtcNow() - s_deadKept, cancellationToken).ConfigureAwait(false);
                tidyAt = _time.GetUtcNow() + s_tidy;
            }
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This process tells {Count} webhook(s)")]
    private partial void LogHeld(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another process on this store tells the webhooks; this one does when that one is gone")]
    private partial void LogOther();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} is http: calls are told unencrypted, for everybody on the way to read. Use https.")]
    private partial void LogHttp(string webhook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks cannot be told now; trying again: {Reason}")]
    private partial void LogAway(string reason);
}
