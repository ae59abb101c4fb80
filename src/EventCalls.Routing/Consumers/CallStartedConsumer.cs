using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Routing.Consumers;

/// <summary>Decides each new call.</summary>
public sealed class CallStartedConsumer(Router router) : IConsumer<CallStarted>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CallStarted> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Headers.TryGetHeader(ActedOn.Header, out _))
            return Task.CompletedTask;
        return router.IsTooLate(context.Message, Redelivery.Is(context)) ? Task.CompletedTask : router.DecideAsync(context.Message, context.CancellationToken);
    }
}
