using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>A node as its heartbeats show it.</summary>
/// <param name="Heartbeat">The newest one, by the node's clock.</param>
/// <param name="ReceivedAt">When the recorder last took one in, by the recorder's clock, UTC.</param>
/// <param name="Lost">The last run that was lost: one before this one that did not say that it stops, or this one as a recorder found it silent, which may be heard of again since; null when there was none.</param>
public sealed record NodeStatus(NodeHeartbeat Heartbeat, DateTimeOffset ReceivedAt, LostRun? Lost = null);

/// <summary>A run of a node that died.</summary>
/// <param name="RunningSince">When it began, by the node's clock, UTC.</param>
/// <param name="HeardAt">When it was last heard of, by the recorder's clock, UTC.</param>
public sealed record LostRun(DateTimeOffset RunningSince, DateTimeOffset HeardAt);
