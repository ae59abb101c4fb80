using EventCalls.Contracts;

namespace EventCalls.Host.Bus;

/// <summary>What the journal needs of a bus.</summary>
internal interface IJournalBus
{
    /// <summary>Sends to the recorder's queue; completes when the bus has confirmed.</summary>
    Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether what was taken waits for the store over a bound, so that no new call should be taken.</summary>
    bool IsFull => false;

    /// <summary>Publishes the event as a typed message; completes when the bus has confirmed.</summary>
    Task TellAsync(CallEvent e, CancellationToken cancellationToken);
}
