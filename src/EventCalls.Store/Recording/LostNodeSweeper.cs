using EventCalls.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Closes the open calls of nodes that died, so that every stream ends: nodes that came back with a new run, and nodes not heard of any more.</summary>
/// <remarks>
/// Several recorders may sweep: the closing event has an id of its own for each call, and the store takes it once. A real
/// <see cref="CallEnded"/> that comes first wins.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="options">When a node counts as lost.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says which calls were closed and why.</param>
/// <param name="isListening">Whether heartbeats can arrive at all (the bus is connected); null: always.</param>
public sealed class LostNodeSweeper(
    ICallStore store, LostNodeOptions options, TimeProvider clock, ILogger<LostNodeSweeper> logger, Func<bool>? isListening = null)
    : BackgroundService
{
    private const int CallsPerAppend = 500;

    private readonly Dictionary<string, (DateTimeOffset RunningSince, DateTimeOffset NoticedAt)> _runs = new(StringComparer.Ordinal);
    private DateTimeOffset? _listeningSince;
    private DateTimeOffset _lastSweep;

    /// <summary>Looks once; returns how many calls were closed. One caller at a time.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var nodes = await ListNodesAsync(now, cancellationToken);
        int closed = 0;
        foreach (var node in nodes)
        {
            if (StartedBefore(node, now) is { } startedBefore)
                closed += await CloseAsync(node.Heartbeat.Node, startedBefore, now, cancellationToken);
        }
        return closed;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning("Open calls of lost nodes cannot be looked for now: {Problem}", e.Message);
            }
            await Task.Delay(options.Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<NodeStatus>> ListNodesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Silence says something about a node only while we could have heard it: the bus connected, the store up, this process running.
        bool slept = now - _lastSweep > options.Interval + options.Timeout / 2;
        if (slept || isListening?.Invoke() == false)
            _listeningSince = null;
        _lastSweep = now;
        try
        {
            var nodes = await store.ListNodesAsync(cancellationToken);
            _listeningSince ??= now;
            return nodes;
        }
        catch (StoreUnreachableException)
        {
            _listeningSince = null;
            throw;
        }
    }

    /// <summary>Which calls of the node are lost: those that started before this; null for none.</summary>
    private DateTimeOffset? StartedBefore(NodeStatus node, DateTimeOffset now)
    {
        var heartbeat = node.Heartbeat;
        if (!_runs.TryGetValue(heartbeat.Node, out var run) || run.RunningSince != heartbeat.RunningSince)
            _runs[heartbeat.Node] = run = (heartbeat.RunningSince, now);

        var heard = node.ReceivedAt > _listeningSince ? node.ReceivedAt : _listeningSince!.Value;
        if (now - heard > options.Timeout)
            return now.AddDays(1);
        return now - run.NoticedAt >= options.Grace ? heartbeat.RunningSince : null;
    }

    private async Task<int> CloseAsync(string node, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int closed = 0;
        var open = await store.OpenCallsOfAsync(node, startedBefore, cancellationToken);
        foreach (var calls in open.Chunk(CallsPerAppend))
            closed += (await store.AppendAsync([.. calls.Select(call => EventToAppend.Of(Ending(call, now)))], cancellationToken)).Stored;
        if (closed > 0)
            logger.LogWarning("Closed {Closed} open call(s) of node {Node}, which was lost.", closed, node);
        return closed;
    }

    private static CallEnded Ending(CallRow call, DateTimeOffset now) => new()
    {
        EventId = EventIds.Derive(call.CallId, "node_lost"),
        CallId = call.CallId,
        CausationId = call.LastEventId,
        OccurredAt = now,
        EndedBy = CallParty.System,
        Cause = CallEndCause.NodeLost,
        DurationMs = Milliseconds(now - call.StartedAt),
        AnsweredMs = call.AnsweredAt is { } answered ? Milliseconds(now - answered) : null,
    };

    private static long Milliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);
}
