using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>A node as its heartbeats show it.</summary>
/// <param name="Heartbeat">The newest one, by the node's clock.</param>
/// <param name="ReceivedAt">When the recorder last took one in, by the recorder's clock, UTC.</param>
public sealed record NodeStatus(NodeHeartbeat Heartbeat, DateTimeOffset ReceivedAt);
