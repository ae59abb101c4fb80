using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Telephony.Ingress;

/// <summary>Takes the handoffs that are for this node, and gives each to its call.</summary>
/// <remarks>
/// The message is done with when the call's shard has it: from then on it can be lost only with the process, and with it the call.
/// A message delivered again finds the handoff known, or the call over, and does nothing.
/// </remarks>
public sealed class HandoffRequestedConsumer(IngressService ingress) : IConsumer<HandoffRequested>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<HandoffRequested> context)
    {
        // One that the node carried out while the broker was away is told late, for others.
        if (!context.Headers.TryGetHeader(ActedOn.Header, out _))
            ingress.Take(context.Message);
        return Task.CompletedTask;
    }
}
