using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Figures;

/// <summary>Puts what is configured here beside what the nodes last said of their trunks.</summary>
internal static class TrunkViews
{
    private const int MostEvents = 200;

    /// <summary>The trunks by name: those configured here, and those that only nodes have.</summary>
    public static IReadOnlyList<TrunkObject> Of(IReadOnlyList<TrunkObject> configured, IReadOnlyList<NodeStatus> nodes)
    {
        var said = (
            from node in nodes
            where !node.Heartbeat.Stopping && node.Heartbeat.Report is not null
            from trunk in node.Heartbeat.Report!.Trunks
            select (trunk.Name, At: At(node, trunk))).ToLookup(t => t.Name, t => t.At, StringComparer.Ordinal);
        var others = said.Select(s => s.Key).Except(configured.Select(t => t.Name), StringComparer.Ordinal).Select(name => new TrunkObject(name, [], []));
        return [.. configured.Concat(others).OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => t with { Nodes = [.. said[t.Name]] })];
    }

    /// <summary>The nodes that read nothing of some addresses.</summary>
    public static IReadOnlyList<BansOfNode> Bans(IReadOnlyList<NodeStatus> nodes) =>
        [.. nodes.Where(n => n.Heartbeat is { Stopping: false, Report.Banned: > 0 }).Select(n => new BansOfNode(n.Heartbeat.Node, n.ReceivedAt, n.Heartbeat.Report!.Banned, n.Heartbeat.Report.BannedAddresses))];

    /// <summary>The servers that went down or came up at all nodes, the newest first.</summary>
    public static IReadOnlyList<TrunkEventObject> Events(IReadOnlyList<NodeStatus> nodes) =>
        [.. nodes.SelectMany(n => n.Heartbeat.Report?.TrunkEvents ?? []).OrderByDescending(e => e.OccurredAt).Take(MostEvents).Select(e => new TrunkEventObject(e))];

    private static TrunkAtNode At(NodeStatus node, TrunkReport trunk) => new(
        node.Heartbeat.Node, node.ReceivedAt, trunk.CallsActive, trunk.MaxCalls, trunk.MaxCallsPerSecond, trunk.Refused, trunk.RefusedAt, trunk.Servers, trunk.Registration);
}
