using EventCalls.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Closes the open calls of nodes that died, so that every stream ends: nodes that came back with a new run, and nodes not heard of any more, of which it keeps that they are lost.</summary>
/// <remarks>
/// Several recorders may sweep: the closing event has an id of its own for each call, and the store takes it once. A real
/// <see cref="CallEnded"/> that comes first wins, and it is waited for as long as it may still be in the recorder's queue.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="heartbeats">The queue of the heartbeats: a node's silence counts only while what is in it is heard.</param>
/// <param name="events">The recorder's queue: an end that is missing counts only when what was sent before is stored.</param>
/// <param name="ownNode">The node whose calls this process carries; null when it carries none. They are never lost while it runs.</param>
/// <param name="options">When a node counts as lost.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says which calls were closed and why.</param>
/// <param name="tell">Publishes the end of a call that was closed, for those who subscribe; null for nobody. No node does it for a call that was lost with its own.</param>
public sealed class LostNodeSweeper(
    ICallStore store, ProbedQueue heartbeats, ProbedQueue events, string? ownNode, LostNodeOptions options, TimeProvider clock, ILogger<LostNodeSweeper> logger,
    Func<CallEvent, CancellationToken, Task>? tell = null)
    : BackgroundService
{
    private const int CallsPerAppend = 500;
    private const int MissedHeartbeats = 3;

    private readonly Dictionary<string, NodeWatch> _watches = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _madeAt = clock.GetUtcNow();

    /// <summary>Looks once; returns how many calls were closed. One caller at a time.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        heartbeats.Probe(cancellationToken);
        events.Probe(cancellationToken);

        // Asked for before the nodes are read: what was heard by then is in what is read.
        var heard = heartbeats.Heard();
        int closed = 0;
        foreach (var node in await ListNodesAsync(cancellationToken))
        {
            var watch = WatchOf(node, heard, now);
            // Whoever tells of lost nodes may be another process, and cannot know whether this one was listening.
            var run = new LostRun(node.Heartbeat.RunningSince, node.ReceivedAt);
            if (watch.IsSilent && !node.Heartbeat.Stopping && node.Lost != run)
                await store.SaveLostAsync(node.Heartbeat.Node, run, cancellationToken);
            if (now < watch.LookAt || !events.HasPassed(watch.NoticedAt))
                continue;
            int closedOfNode = await CloseAsync(node.Heartbeat.Node, watch, now, cancellationToken);

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

    private async Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.ListNodesAsync(cancellationToken);
        }
        catch (StoreUnreachableException)
        {
            heartbeats.Deafen();
            throw;
        }
    }

    private NodeWatch WatchOf(NodeStatus node, (DateTimeOffset Since, DateTimeOffset Until)? heard, DateTimeOffset now)
    {
        var heartbeat = node.Heartbeat;
        bool isOwn = heartbeat.Node == ownNode;
        bool silent = !isOwn && heard is { } span && span.Until - (node.ReceivedAt > span.Since ? node.ReceivedAt : span.Since) > TimeoutOf(heartbeat);
        if (!_watches.TryGetValue(heartbeat.Node, out var watch) || watch.RunningSince != heartbeat.RunningSince || watch.IsSilent != silent)
        {
            var startedBefore = silent ? DateTimeOffset.MaxValue : heartbeat.RunningSince;
            _watches[heartbeat.Node] = watch = new NodeWatch(heartbeat.RunningSince, silent)
            {
                // What began after this process did is its own.
                StartedBefore = isOwn && startedBefore > _madeAt ? _madeAt : startedBefore,
                OverAt = silent ? heartbeat.At : node.Lost is { } lost && lost.RunningSince < heartbeat.RunningSince && lost.HeardAt < heartbeat.RunningSince ? lost.HeardAt : heartbeat.RunningSince,
                NoticedAt = now,
                LookAt = silent ? now : now + options.Grace,
            };
        }
        return watch;
    }

    /// <summary>A node that speaks seldom is not silent before it missed some heartbeats.</summary>
    private TimeSpan TimeoutOf(NodeHeartbeat heartbeat)
    {
        var missed = TimeSpan.FromSeconds(heartbeat.IntervalSeconds) * MissedHeartbeats;
        return missed > options.Timeout ? missed : options.Timeout;
    }

    private async Task<int> CloseAsync(string node, NodeWatch watch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int closed = 0;
        var open = await store.OpenCallsOfAsync(node, watch.StartedBefore, cancellationToken);
        foreach (var calls in open.Chunk(CallsPerAppend))
        {
            CallEnded[] endings = [.. calls.Select(call => Ending(call, watch.OverAt, now))];
            var result = await store.AppendAsync([.. endings.Select(EventToAppend.Of)], cancellationToken);
            closed += result.Stored;
            await TellAsync(endings, result, cancellationToken);
        }
        if (closed > 0)
            logger.LogWarning("Closed {Closed} open call(s) of node {Node}, which was lost.", closed, node);
        return closed;
    }

    // A call that had ended by itself meanwhile is told of by its node.
    private async Task TellAsync(CallEnded[] endings, AppendResult result, CancellationToken cancellationToken)
    {
        if (tell is null)
            return;
        var notStored = result.Late.Concat(result.Waiting).Select(e => e.Event.EventId).ToHashSet();
        try
        {
            await Task.WhenAll(endings.Where(e => !notStored.Contains(e.EventId)).Select(e => tell(e, cancellationToken)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning("Those who subscribe could not be told of the end of calls that were lost: {Problem}", e.Message);
        }
    }

    // The recorder may look days later: nobody talked until then.
    private static CallEnded Ending(CallRow call, DateTimeOffset overAt, DateTimeOffset now) => new EventStamp(EventIds.Derive(call.CallId, "node_lost"), call.CallId, call.LastEventId, now).On(new CallEnded
    {
        EndedBy = CallParty.System,
        Cause = CallEndCause.NodeLost,
        DurationMs = Milliseconds(overAt - call.StartedAt),
        AnsweredMs = call.AnsweredAt is { } answered ? Milliseconds(overAt - answered) : null,
    });

    private static long Milliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);

    /// <summary>A node's run, and when to look next for calls that it lost.</summary>
    private sealed class NodeWatch(DateTimeOffset runningSince, bool isSilent)
    {
        public DateTimeOffset RunningSince { get; } = runningSince;

        public bool IsSilent { get; } = isSilent;

        /// <summary>Calls of the node that started before this are lost.</summary>
        public required DateTimeOffset StartedBefore { get; init; }

        /// <summary>What the calls' durations reach to: the last heartbeat of the run that died, or where none is known the beginning of the one after it, by which they were over.</summary>
        public required DateTimeOffset OverAt { get; init; }

        /// <summary>When that was noticed: what was sent before it and is still queued may be the end of a call.</summary>
        public required DateTimeOffset NoticedAt { get; init; }

        public required DateTimeOffset LookAt { get; set; }
    }
}
