using System.Collections.Concurrent;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Consumers;

/// <summary>Has calls decided by the router of this process without the bus: so many at once as it would take from the bus, each question once at a time.</summary>
public sealed class LocalDecisions(Router router, int concurrency, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(concurrency, concurrency);
    private readonly ConcurrentDictionary<Guid, bool> _underWay = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Decides a new call; what comes of it goes to the journal.</summary>
    public void Decide(CallStarted started) => _ = RunAsync(started, token => router.DecideAsync(started, token));

    /// <summary>Decides after a failed handoff.</summary>
    public void Decide(RerouteCall reroute) => _ = RunAsync(reroute.Cause, token => router.DecideAsync(reroute, token));

    /// <summary>Begins no more, and waits for those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        for (int i = 0; i < concurrency; i++)
            await _slots.WaitAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(CallEvent cause, Func<CancellationToken, Task> decide)
    {
        // Asked again while it is being decided, the answer is the same.
        if (!_underWay.TryAdd(cause.EventId, true))
            return;
        try
        {
            await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                // Clocks do not differ here, so the age of every question is known.
                if (!router.IsTooLate(cause, redelivered: true))
                    await Task.Run(() => decide(_stopping.Token), _stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception e)
        {
            // Asked again it may go better; else the call takes the default at its deadline.
            if (!_stopping.IsCancellationRequested)
                logger.LogError(e, "The call {Call} could not be decided here", cause.CallId);
        }
        finally
        {
            _underWay.TryRemove(cause.EventId, out _);
        }
    }
}
