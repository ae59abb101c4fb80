using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Store.Recording;

/// <summary>Keeps a node's heartbeat.</summary>
/// <remarks>Throws <see cref="StoreUnreachableException"/> while the store is down; the bus delivers again, and a heartbeat that is given up is followed by a newer one.</remarks>
public sealed class NodeHeartbeatConsumer(ICallStore store, TimeProvider clock) : IConsumer<NodeHeartbeat>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeHeartbeat> context) =>
        store.SaveHeartbeatAsync(context.Message, clock.GetUtcNow(), context.CancellationToken);
}
