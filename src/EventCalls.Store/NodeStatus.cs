using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>A node's newest heartbeat.</summary>
/// <param name="Heartbeat">What the node said.</param>
/// <param name="ReceivedAt">When the recorder took it in, by the recorder's clock, UTC.</param>
public sealed record NodeStatus(NodeHeartbeat Heartbeat, DateTimeOffset ReceivedAt);
