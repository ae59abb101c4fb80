using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Keeps a version of routing logic; waits while the store is down, because a version that was used must not be lost.</summary>
public sealed class LogicVersionLoadedConsumer(ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger<LogicVersionLoadedConsumer> logger, CancellationToken stopping = default)
    : IConsumer<LogicVersionLoaded>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<LogicVersionLoaded> context)
    {
        await new BackOff(options.RetryDelay, options.MaxRetryDelay, clock, logger).UntilReachableAsync(
            async token =>
            {
                await store.SaveLogicVersionAsync(context.Message, token);
                return true;
            },
            context.CancellationToken,
            stopping);
    }
}
