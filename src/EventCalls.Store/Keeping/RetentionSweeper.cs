using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Keeping;

/// <summary>Archives, masks and erases calls when the configured rules say that they are kept no longer as they are.</summary>
/// <remarks>Several recorders may sweep at once: what one has done is nothing to do for the next.</remarks>
/// <param name="store">The store: its calls are looked for.</param>
/// <param name="keeping">The same store.</param>
/// <param name="rules">What is kept how long.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says what was done.</param>
/// <param name="deleteRecording">Deletes a recording (<see cref="RecordingEraser"/>); null where recordings are nobody's affair.</param>
public sealed class RetentionSweeper(
    ICallStore store, ICallKeeping keeping, IReadOnlyList<RetentionRule> rules, TimeProvider clock, ILogger logger, Func<string, string, string?>? deleteRecording = null) : BackgroundService
{
    private const int CallsAtATime = 500;

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    // The recorder appends meanwhile, and SQLite has one writer.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Does once what is due; returns how many calls it was done to.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellationToken)
    {
        long all = 0;
        foreach (var rule in rules)
        {
            long done = 0;
            var recordings = deleteRecording is null ? null : new RecordingEraser(store, deleteRecording);
            try
            {
                await foreach (int some in DoAsync(store, keeping, rule.Action, rule.Due(clock.GetUtcNow()), recordings, clock, cancellationToken))
                    done += some;
            }
            finally
            {
                foreach (var left in recordings?.Left ?? [])
                    logger.LogWarning("Retention: the recording {Location} of call {Call}, made by node {Node}, was not deleted with it: {Why}", left.Location, left.CallId, left.Node, left.Why);
            }
            if (done > 0)
                logger.LogInformation("Retention: {Action} of {Calls} call(s) that started more than {Days} day(s) ago.", rule.Action, done, rule.Age.TotalDays);
            all += done;
        }
        return all;
    }

    /// <summary>Does it to all calls that the query finds, some hundred a transaction; gives how many it was done to each time. Recordings go before their calls, unless null is given.</summary>
    public static async IAsyncEnumerable<int> DoAsync(
        ICallStore store, ICallKeeping keeping, KeepingAction action, CallQuery query, RecordingEraser? recordings, TimeProvider clock,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keeping);
        ArgumentNullException.ThrowIfNull(clock);
        int left = query.Limit ?? int.MaxValue;
        while (left > 0)
        {
            int size = Math.Min(left, CallsAtATime);
            var page = await store.SearchAsync(query with { Limit = size }, cancellationToken);
            if (page.Count == 0)
                yield break;
            Guid[] ids = [.. page.Select(call => call.CallId)];
            yield return await DoAsync(keeping, action, ids, recordings, clock.GetUtcNow(), cancellationToken);
            if (page.Count < size)
                yield break;
            left -= page.Count;
            query = query with { Behind = CallCursor.Of(page[^1]) };
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    /// <summary>Does it to these calls, in one transaction; gives how many it was done to. Recordings go before their calls, unless null is given.</summary>
    public static async Task<int> DoAsync(ICallKeeping keeping, KeepingAction action, IReadOnlyList<Guid> calls, RecordingEraser? recordings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keeping);
        // A voice says who called, too; and where a recording is may be masked.
        if (action != KeepingAction.Archive && recordings is not null)
            await recordings.EraseAsync(calls, cancellationToken);
        return await (action switch
        {
            KeepingAction.Archive => keeping.ArchiveAsync(calls, now, cancellationToken),
            KeepingAction.Mask => keeping.MaskAsync(calls, now, cancellationToken),
            _ => keeping.EraseAsync(calls, cancellationToken),
        });
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && rules.Count > 0)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning("Calls that are kept no longer cannot be looked for now: {Problem}", e.Message);
            }
            await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
