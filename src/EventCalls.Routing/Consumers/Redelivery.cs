using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Routing.Consumers;

/// <summary>Whether a message was delivered before.</summary>
public static class Redelivery
{
    /// <summary>Whether the broker gave it to somebody before, or it failed and was sent round again.</summary>
    public static bool Is(ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.ReceiveContext.Redelivered || context.Headers.TryGetHeader(Redelivered.Header, out _);
    }
}
