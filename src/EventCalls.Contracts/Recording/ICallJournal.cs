namespace EventCalls.Contracts;

/// <summary>Where a role puts what happened: recorded first, then told.</summary>
/// <remarks>
/// The events go to the recorder's durable queue in batches. When the bus has confirmed the batch, those that others act on
/// or subscribe to (<see cref="CallEventNames.IsTold"/>) are published as typed messages of their own. So nothing is acted on
/// that is not on its way to the store. Entries of one journal stay in order.
/// </remarks>
public interface ICallJournal
{
    /// <summary>Takes the entry and returns at once; safe from any thread.</summary>
    void Append(JournalEntry entry);

    /// <summary>Completes when the events are confirmed and the told ones published; throws when the bus refuses or the token is cancelled.</summary>
    Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken);

    /// <summary>How many entries wait for the bus; an ingress refuses new calls (503) over a limit.</summary>
    int Backlog { get; }

    /// <summary>Whether no more calls should be taken: what is owed to the store is over its bound, or nothing can be kept at all. An ingress refuses new calls (503) then.</summary>
    bool IsFull => false;
}
