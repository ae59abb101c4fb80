using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Stores the events of several messages together and settles each message for itself.</summary>
internal sealed class BatchAppender(ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger logger) : IDisposable
{
    // How long a store may take to notice that its append was given up; then nobody waits for it any more.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private readonly BackOff _backOff = new(options.RetryDelay, options.MaxRetryDelay, clock, logger);
    private List<PendingAppend> _waiting = [];
    private readonly AppendFigures _figures = new(store);
    private long _began;
    private long _underWay = long.MinValue;

    /// <summary>Messages with events whose cause is not stored.</summary>
    public IReadOnlyList<PendingAppend> Waiting => _waiting;

    /// <summary>True when the last append stored something that a waiting event may have waited for.</summary>
    public bool RetryAtOnce { get; private set; }

    /// <summary>How long the append under way has lasted; zero when there is none. From any thread.</summary>
    public TimeSpan UnderWay => Volatile.Read(ref _underWay) is var since and not long.MinValue ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <inheritdoc />
    public void Dispose() => _figures.Dispose();

    /// <summary>Appends the entries; those that still wait for a cause are in <see cref="Waiting"/> afterwards.</summary>
    public async Task AppendAsync(List<PendingAppend> entries, CancellationToken cancellationToken)
    {
        _waiting = [];
        RetryAtOnce = false;
        _began = clock.GetTimestamp();
        if (entries.Count == 0)
            return;
        try
        {
            var result = await StoreAsync(entries.SelectMany(entry => entry.Events).ToList(), cancellationToken);
            var waiting = result.Waiting.ToHashSet(ReferenceEqualityComparer.Instance);
            foreach (var entry in entries)
                Settle(entry, waiting.Count == 0 ? [] : entry.Events.Where(waiting.Contains).ToList());
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
        IReadOnlyList<EventToAppend> waiting;
        try
        {
            waiting = (await StoreAsync(entry.Events, cancellationToken)).Waiting;
        }
        catch (Exception e) when (!IsStop(e, cancellationToken))
        {
            waiting = await AppendEventByEventAsync(entry, cancellationToken);
            logger.LogError(entry.Refused ?? e, "A message's events were refused by the event store; what it takes of them is stored.");
        }
        Settle(entry, waiting);
    }

    private async Task<IReadOnlyList<EventToAppend>> AppendEventByEventAsync(PendingAppend entry, CancellationToken cancellationToken)
    {
        var waiting = new List<EventToAppend>();
        foreach (var e in entry.Events)
        {
            try
            {
                waiting.AddRange((await StoreAsync([e], cancellationToken)).Waiting);
            }
            catch (Exception reason) when (!IsStop(reason, cancellationToken))
            {
                entry.Refused ??= new EventRefusedException(
                    $"The event store does not take '{e.Type}' {e.Event.EventId} of call {e.Event.CallId}: {reason.Message}", reason);
            }
        }
        return waiting;
    }

    private async Task<AppendResult> StoreAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return new AppendResult { Stored = 0, Duplicates = 0, Waiting = [], Late = [] };
        var began = clock.GetUtcNow();
        Volatile.Write(ref _underWay, clock.GetTimestamp());
        AppendResult result;
        try
        {
            result = await _backOff.UntilReachableAsync(token => AppendWithinLimitAsync(events, token), cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _underWay, long.MinValue);
        }
        // What waits for its cause is looked at again and again, and stored once.
        if (result.Stored > 0)
            _figures.Stored([.. events.Except<EventToAppend>(result.Waiting, ReferenceEqualityComparer.Instance)], began, clock.GetUtcNow());
        RetryAtOnce |= result.Stored > 0;
        return result;
    }

    private async Task<AppendResult> AppendWithinLimitAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AppendLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // What is given up may still be stored: done again it is not stored twice.
            return await store.AppendAsync(events, either.Token).WaitAsync(options.AppendLimit + s_farewell, clock, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnreachableException(
                store.Description, $"an append did not return within {options.AppendLimit.TotalSeconds} s and was given up", "See what keeps the store busy; nothing is lost meanwhile.", e);
        }
    }

    private static bool IsStop(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private void Settle(PendingAppend entry, IReadOnlyList<EventToAppend> waiting)
    {
        entry.Events = waiting;
        if (waiting.Count > 0 && (Waits(entry) || Overtakes(waiting)))
            _waiting.Add(entry);
        else if (waiting.Count > 0)
            entry.Fail(new CauseNotStoredException(waiting[0], waiting.Count));
        else if (entry.Refused is { } refused)
            entry.Fail(refused);
        else
            entry.Complete();
    }

    /// <summary>Lets those that wait only for the event they come after be stored without it: true when there are any.</summary>
    private bool Overtakes(IReadOnlyList<EventToAppend> waiting)
    {
        bool any = false;
        foreach (var e in waiting)
        {
            if (e.Event.AfterId is null || e.IsOverdue)
                continue;
            e.IsOverdue = any = true;
        }
        RetryAtOnce |= any;
        return any;
    }

    /// <summary>Whether the entry may go on waiting for a cause.</summary>
    private bool Waits(PendingAppend entry)
    {
        var took = clock.GetElapsedTime(_began);
        if (entry.WaitingSince is { } since && took > options.CauseRetryInterval)
        {
            // While the store did not take anything, the cause could not come either.
            entry.WaitingSince = since + (long)(took.TotalSeconds * clock.TimestampFrequency);
        }
        entry.WaitingSince ??= clock.GetTimestamp();
        return clock.GetElapsedTime(entry.WaitingSince.Value) < options.CauseTimeout;
    }
}
