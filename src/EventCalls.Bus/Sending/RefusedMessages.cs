using MassTransit;
using Microsoft.Extensions.Logging;
using Nack = RabbitMQ.Client.Exceptions.PublishException;

namespace EventCalls.Bus.Sending;

/// <summary>Says once a minute that a queue refuses typed messages, however many they are. Safe from any thread.</summary>
internal sealed class RefusedMessages(string bus, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _saidAt;
    private long _more;

    /// <summary>Whether it says that the broker refused a message, as one of its queues does not take it; a connection that is lost is something else.</summary>
    public static bool IsRefusal(Exception? e) =>
        e is MessageNotAcknowledgedException or Nack { IsReturn: false } or ConnectionException { InnerException: Nack { IsReturn: false } };

    /// <summary>A message was refused.</summary>
    public void Tell(Type type, string why)
    {
        long more;
        lock (_gate)
        {
            if (_saidAt is { } at && time.GetElapsedTime(at) < s_quiet)
            {
                _more++;
                return;
            }
            _saidAt = time.GetTimestamp();
            (more, _more) = (_more, 0);
        }
        logger.LogWarning(
            "{Bus}: a queue that is bound to {Message} refuses it ({Why}); it is full, or made to refuse. Its owner misses such events, and calls go on ({More} more since the last such line)",
            bus, type.Name, why.TrimEnd('.'), more);
    }
}
