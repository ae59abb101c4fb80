using EventCalls.Contracts;

namespace EventCalls.Bus.Outage;

/// <summary>What is sent over a broker. Each completes when the broker has confirmed, and throws when it did not.</summary>
public interface IBroker : INodeMessages, ILogicVersionSink
{
    /// <summary>Sends to the recorder's queue.</summary>
    Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken);

    /// <summary>Begins to act on an event in this process, where it is for a role of it; false when it is not, or has too much to do.</summary>
    bool HandOver(CallEvent e);

    /// <summary>Publishes the event as a typed message.</summary>
    Task TellAsync(CallEvent e, CancellationToken cancellationToken);

    /// <summary>Publishes an event that its node has acted on already, for those who only want to know.</summary>
    Task TellLateAsync(CallEvent e, CancellationToken cancellationToken);
}
