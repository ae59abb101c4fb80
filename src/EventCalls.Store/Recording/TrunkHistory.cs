using System.Collections.Concurrent;
using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>Keeps what happened to the servers of a node's trunks over its runs: a heartbeat knows only its own.</summary>
/// <remarks>Safe from any thread. Recorders may each have one: what a node carries overlaps, and an event that comes twice is one.</remarks>
public sealed class TrunkHistory(ICallStore store)
{
    /// <summary>How many are kept of a node, the newest.</summary>
    public const int MostKept = 200;

    private readonly ConcurrentDictionary<string, (DateTimeOffset RunningSince, IReadOnlyList<TrunkEvent> Events)> _known = new(StringComparer.Ordinal);

    /// <summary>The heartbeat with the events of earlier runs beside its own.</summary>
    /// <exception cref="StoreUnreachableException">What is kept cannot be read.</exception>
    public async Task<NodeHeartbeat> CompleteAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        if (heartbeat.Report is not { } report)
            return heartbeat;
        // The first of a run is the one that does not know what was before.
        if (!_known.TryGetValue(heartbeat.Node, out var known) || known.RunningSince < heartbeat.RunningSince)
        {
            var nodes = await store.ListNodesAsync(cancellationToken).ConfigureAwait(false);
            known = (heartbeat.RunningSince, nodes.FirstOrDefault(n => n.Heartbeat.Node == heartbeat.Node)?.Heartbeat.Report?.TrunkEvents ?? []);
        }
        known = known with { Events = Merge(known.Events, report.TrunkEvents) };
        _known[heartbeat.Node] = known;
        return heartbeat with { Report = report with { TrunkEvents = known.Events } };
    }

    /// <summary>Both in order, each event once. That a server was found up as a run began is news only where it was down before.</summary>
    private static IReadOnlyList<TrunkEvent> Merge(IReadOnlyList<TrunkEvent> kept, IReadOnlyList<TrunkEvent> carried)
    {
        var ids = kept.Select(e => e.EventId).ToHashSet();
        if (carried.All(e => ids.Contains(e.EventId)))
            return kept;
        var down = new HashSet<(string, string)>();
        var merged = new List<TrunkEvent>();
        foreach (var e in kept.Concat(carried.Where(e => !ids.Contains(e.EventId))).OrderBy(e => e.OccurredAt))
        {
            bool wasDown = e is TrunkDown ? !down.Add((e.Trunk, e.Server)) : down.Remove((e.Trunk, e.Server));
            if (e is TrunkDown or TrunkUp { DownSince: not null } || wasDown)
                merged.Add(e);
        }
        return merged.Exists(e => !ids.Contains(e.EventId)) ? [.. merged.TakeLast(MostKept)] : kept;
    }
}
