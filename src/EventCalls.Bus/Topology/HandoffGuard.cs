using EventCalls.Bus.Serialization;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Topology;

/// <summary>Lets only handoffs and commands with a right check through to the ingress; the others are counted, said now and then, and done with.</summary>
internal sealed partial class HandoffGuard(HandoffCheck check, string node, TimeProvider time, ILogger logger) : IFilter<ConsumeContext>
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _warnedAt;
    private long _refused;

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        string? header = context.ReceiveContext.TransportHeaders.Get<string>(HandoffCheck.Header);
        if (check.IsRight(context.ReceiveContext.Body.GetBytes(), header))
            return next.Send(context);
        Refuse(header is null ? "it has no check" : "its check is wrong", context.MessageId);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("handoffGuard");

    private void Refuse(string why, Guid? messageId)
    {
        long refused = Interlocked.Increment(ref _refused);
        lock (_gate)
        {
            if (_warnedAt is { } at && time.GetElapsedTime(at) < s_quiet)
                return;
            _warnedAt = time.GetTimestamp();
        }
        LogRefused(node, messageId, why, refused);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A handoff or a command for the node {Node} is refused (message {Message}): {Why}; {Refused} refused so far. Either somebody else publishes on this broker, or the routers and who gives commands have another EventCalls:Bus:HandoffKey")]
    private partial void LogRefused(string node, Guid? message, string why, long refused);
}
