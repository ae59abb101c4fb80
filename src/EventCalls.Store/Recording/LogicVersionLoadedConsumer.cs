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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        await new BackOff(options.RetryDelay, options.MaxRetryDelay, clock, logger).UntilReachableAsync(
            async token =>
            {
                await store.SaveLogicVersionAsync(context.Message, token);
                return true;
            },
            either.Token);
    }
}
