using EventCalls.Contracts;

namespace EventCalls.Bus.Journal;

/// <summary>What the journal needs of a bus.</summary>
public interface IJournalBus
{
    /// <summary>Sends to the recorder's queue; completes when the bus has confirmed, or the spool has it.</summary>
    Task<Taker> SendAsync(CallEventBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether what was taken waits for the store over a bound, so that no new call should be taken.</summary>
    bool IsFull => false;

    /// <summary>Begins to act on an event whose batch the bus has taken, where that is for a role of this process; false when it is not, or has too much to do. Does not wait.</summary>
    bool HandOver(CallEvent e) => false;

    /// <summary>Tells who acts on the event: publishes it as a typed message, and completes when the bus has confirmed; or gives it to the roles of this process.</summary>
    /// <param name="e">The event.</param>
    /// <param name="taker">Who has taken its batch.</param>
    /// <param name="isActedOn">Whether <see cref="HandOver"/> took it: then it is told only to those who want to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken);
}
