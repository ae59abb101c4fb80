using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Routing.Consumers;

/// <summary>Decides again: after a handoff whose every step failed, on a REFER, or for a command.</summary>
public sealed class RerouteCallConsumer(Router router) : IConsumer<RerouteCall>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RerouteCall> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return router.IsTooLate(context.Message.Cause, Redelivery.Is(context)) ? Task.CompletedTask : router.DecideAsync(context.Message, context.CancellationToken);
    }
}
