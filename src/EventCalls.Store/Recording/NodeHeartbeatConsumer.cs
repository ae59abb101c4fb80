using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Keeps a node's heartbeat; waits while the store cannot take it, so that a node is not silent because it was not written down.</summary>
public sealed class NodeHeartbeatConsumer(ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger<NodeHeartbeatConsumer> logger)
    : IConsumer<NodeHeartbeat>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeHeartbeat> context) =>
        new BackOff(options.RetryDelay, options.MaxRetryDelay, clock, logger).UntilReachableAsync(
            async token =>
            {
                await store.SaveHeartbeatAsync(context.Message, clock.GetUtcNow(), token);
                return true;
            },
            context.CancellationToken);
}
