using System.Runtime.CompilerServices;

namespace EventCalls.Store;

/// <summary>Reads the events of all calls as they come: each time those that were stored since the time before.</summary>
/// <param name="store">The events.</param>
/// <param name="position">Only those after it; 0 for the beginning.</param>
public sealed class EventTail(ICallStore store, long position)
{
    /// <summary>The position of the last event that was read.</summary>
    public long Position { get; private set; } = position;

    /// <summary>What is new, in the order of the positions.</summary>
    public async IAsyncEnumerable<StoredEvent> ReadNewAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var e in store.ReadAllAsync(new EventRange { AfterPosition = Position }, cancellationToken).ConfigureAwait(false))
        {
            Position = e.Position;
            yield return e;
        }
    }
}
