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

    private readonly Dictionary<string, NodeWatch> _watches = new(StringComparer.Ordinal);
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
            var watch = WatchOf(node, now);
            if (now < watch.LookAt)
                continue;
            int closedOfNode = await CloseAsync(node.Heartbeat.Node, watch.StartedBefore, now, cancellationToken);

            // Events of a lost call may still come out of a queue: so look again, if not at every turn.
            watch.LookAt = closedOfNode > 0 ? now : now + options.Timeout;
            closed += closedOfNode;
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

    private NodeWatch WatchOf(NodeStatus node, DateTimeOffset now)
    {
        var heartbeat = node.Heartbeat;
        var heard = node.ReceivedAt > _listeningSince ? node.ReceivedAt : _listeningSince!.Value;
        bool silent = now - heard > options.Timeout;
        if (!_watches.TryGetValue(heartbeat.Node, out var watch) || watch.RunningSince != heartbeat.RunningSince || watch.IsSilent != silent)
        {
            _watches[heartbeat.Node] = watch = new NodeWatch(heartbeat.RunningSince, silent)
            {
                StartedBefore = silent ? DateTimeOffset.MaxValue : heartbeat.RunningSince,
                LookAt = silent ? now : now + options.Grace,
            };
        }
        return watch;
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

    /// <summary>A node's run, and when to look next for calls that it lost.</summary>
    private sealed class NodeWatch(DateTimeOffset runningSince, bool isSilent)
    {
        public DateTimeOffset RunningSince { get; } = runningSince;

        public bool IsSilent { get; } = isSilent;

        /// <summary>Calls of the node that started before this are lost.</summary>
        public required DateTimeOffset StartedBefore { get; init; }

        public required DateTimeOffset LookAt { get; set; }
    }
}
