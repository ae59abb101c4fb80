using EventCalls.Store.Statistics;

namespace EventCalls.Console.Figures;

/// <summary>Counts of ended calls.</summary>
/// <param name="Groups">One for each group that has calls.</param>
internal sealed record StatisticsList(IEnumerable<StatisticsObject> Groups);

/// <summary>The nodes.</summary>
/// <param name="Nodes">By name.</param>
internal sealed record NodeList(IEnumerable<NodeObject> Nodes);

/// <summary>A node, as its heartbeats show it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="RunningSince">When its present run began, UTC.</param>
/// <param name="HeardAt">When it was last heard of, UTC.</param>
/// <param name="SilentMs">How long ago that is, milliseconds.</param>
/// <param name="IntervalSeconds">How often it says that it is alive; 0 when it does not say.</param>
/// <param name="Stopping">Whether it takes no more calls.</param>
internal sealed record NodeObject(string Node, DateTimeOffset RunningSince, DateTimeOffset HeardAt, long SilentMs, int IntervalSeconds, bool Stopping);

/// <summary>The trunks.</summary>
/// <param name="Trunks">By name.</param>
/// <param name="Bans">Of the nodes that read nothing of some addresses.</param>
/// <param name="Events">The servers of trunks that went down or came up, the newest first.</param>
public sealed record TrunkList(IReadOnlyList<TrunkObject> Trunks, IReadOnlyList<BansOfNode> Bans, IReadOnlyList<TrunkEventObject> Events);

/// <summary>What a node reads nothing of, for a time.</summary>
/// <param name="Node">The node.</param>
/// <param name="HeardAt">When it said so, UTC.</param>
/// <param name="Count">How many addresses.</param>
/// <param name="Addresses">Some of them.</param>
public sealed record BansOfNode(string Node, DateTimeOffset HeardAt, int Count, IReadOnlyList<string> Addresses);
