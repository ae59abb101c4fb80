using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Stores the events of several messages together and settles each message for itself.</summary>
internal sealed class BatchAppender(ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger logger)
{
    private readonly BackOff _backOff = new(options.RetryDelay, options.MaxRetryDelay, clock, logger);
    private List<PendingAppend> _waiting = [];

    /// <summary>Messages with events whose cause is not stored.</summary>
    public IReadOnlyList<PendingAppend> Waiting => _waiting;

    /// <summary>True when the last append stored something that a waiting event may have waited for.</summary>
    public bool RetryAtOnce { get; private set; }

    /// <summary>Appends the entries; those that still wait for a cause are in <see cref="Waiting"/> afterwards.</summary>
    public async Task AppendAsync(List<PendingAppend> entries, CancellationToken cancellationToken)
    {
        _waiting = [];
        RetryAtOnce = false;
        if (entries.Count == 0)
            return;
        try
        {
            var result = await StoreAsync(entries.SelectMany(entry => entry.Events).ToList(), cancellationToken);
            Settle(entries, result);
        }
        catch (Exception e) when (!IsStop(e, cancellationToken))
        {
            // One of them is at fault: each alone, so that it harms no other.
            foreach (var entry in entries)
                await AppendAloneAsync(entry, cancellationToken);
        }
        RetryAtOnce &= _waiting.Count > 0;
    }

    private async Task AppendAloneAsync(PendingAppend entry, CancellationToken cancellationToken)
    {
        try
        {
            Settle([entry], await StoreAsync(entry.Events, cancellationToken));
        }
        catch (Exception e) when (!IsStop(e, cancellationToken))
        {
            var refused = await AppendEventByEventAsync(entry.Events, cancellationToken);
            logger.LogError(refused ?? e, "A message's events were refused by the event store; what it takes of them is stored.");
            entry.Fail(refused ?? e);
        }
    }

    private async Task<Exception?> AppendEventByEventAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        Exception? refused = null;
        foreach (var e in events)
        {
            try
            {
                await StoreAsync([e], cancellationToken);
            }
            catch (Exception reason) when (!IsStop(reason, cancellationToken))
            {
                refused ??= new EventRefusedException(
                    $"The event store does not take '{e.Type}' {e.Event.EventId} of call {e.Event.CallId}: {reason.Message}", reason);
            }
        }
        return refused;
    }

    private async Task<AppendResult> StoreAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        var result = await _backOff.UntilReachableAsync(token => store.AppendAsync(events, token), cancellationToken);
        RetryAtOnce |= result.Stored > 0;
        return result;
    }

    private static bool IsStop(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private void Settle(List<PendingAppend> entries, AppendResult result)
    {
        var waiting = result.Waiting.Count == 0 ? null : result.Waiting.ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var entry in entries)
        {
            List<EventToAppend> left = waiting is null ? [] : entry.Events.Where(waiting.Contains).ToList();
            if (left.Count == 0)
            {
                entry.Complete();
                continue;
            }
            entry.Events = left;
            entry.WaitingSince ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(entry.WaitingSince.Value) < options.CauseTimeout)
                _waiting.Add(entry);
            else
                entry.Fail(new CauseNotStoredException(left[0], left.Count));
        }
    }
}
