namespace EventCalls.Contracts;

/// <summary>Events of one call, in causal order, and whom to tell when the bus has confirmed them.</summary>
public class JournalEntry(params CallEvent[] events)
{
    /// <summary>The events.</summary>
    public CallEvent[] Events { get; } = events;

    /// <summary>Called once, on a thread of the journal, when the bus has confirmed the events; must return at once and not throw.</summary>
    public virtual void Confirmed()
    {
    }
}
