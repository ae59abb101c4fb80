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
public sealed class RetentionSweeper(ICallStore store, ICallKeeping keeping, IReadOnlyList<RetentionRule> rules, TimeProvider clock, ILogger<RetentionSweeper> logger) : BackgroundService
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
            await foreach (int some in DoAsync(store, keeping, rule.Action, rule.Due(clock.GetUtcNow()), clock, cancellationToken))
                done += some;
            if (done > 0)
                logger.LogInformation("Retention: {Action} of {Calls} call(s) that started more than {Days} day(s) ago.", rule.Action, done, rule.Age.TotalDays);
            all += done;
        }
        return all;
    }

    /// <summary>Does it to all calls that the query finds, some hundred a transaction; gives how many it was done to each time.</summary>
    public static async IAsyncEnumerable<int> DoAsync(
        ICallStore store, ICallKeeping keeping, KeepingAction action, CallQuery query, TimeProvider clock,
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
            yield return await DoAsync(keeping, action, ids, clock.GetUtcNow(), cancellationToken);
            if (page.Count < size)
                yield break;
            left -= page.Count;
            query = query with { Behind = CallCursor.Of(page[^1]) };
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    /// <summary>Does it to these calls, in one transaction; gives how many it was done to.</summary>
    public static Task<int> DoAsync(ICallKeeping keeping, KeepingAction action, IReadOnlyList<Guid> calls, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keeping);
        return action switch
        {
            KeepingAction.Archive => keeping.ArchiveAsync(calls, now, cancellationToken),
            KeepingAction.Mask => keeping.MaskAsync(calls, now, cancellationToken),
            _ => keeping.EraseAsync(calls, cancellationToken),
        };
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
