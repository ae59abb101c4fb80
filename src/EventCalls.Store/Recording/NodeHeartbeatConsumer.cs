using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Keeps a node's heartbeat; waits while the store cannot take it, so that a node is not silent because it was not written down.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="options">How long between tries.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Says that it waits.</param>
/// <param name="stopping">Cancelled when the process can wait no longer: a bus that stops waits for its consumers.</param>
public sealed class NodeHeartbeatConsumer(
    ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger<NodeHeartbeatConsumer> logger, CancellationToken stopping = default)
    : IConsumer<NodeHeartbeat>
{
    private readonly TrunkHistory _trunks = new(store);

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<NodeHeartbeat> context)
    {
        await new BackOff(options.RetryDelay, options.MaxRetryDelay, clock, logger).UntilReachableAsync(
            async token =>
            {
                await store.SaveHeartbeatAsync(await _trunks.CompleteAsync(context.Message, token), clock.GetUtcNow(), token);
                return true;
            },
            context.CancellationToken,
            stopping);
    }
}
