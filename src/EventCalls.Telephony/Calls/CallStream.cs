using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The writing end of a call's stream: gives events their ids, causes and times, and puts them into the journal in order.</summary>
internal sealed class CallStream(Guid callId, ICallJournal journal, TimeProvider time)
{
    /// <summary>The call.</summary>
    public Guid CallId { get; } = callId;

    /// <summary>The last event appended here; what the next one is caused by unless it knows better.</summary>
    public Guid Last { get; private set; }

    /// <summary>A new id.</summary>
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>Fills in what makes an event this call's next one; for what must be known before it is appended, or appended together with others.</summary>
    public T Stamp<T>(Guid cause, T e)
        where T : CallEvent
    {
        var now = time.GetUtcNow();
        return new EventStamp(Guid.CreateVersion7(now), CallId, cause, now).On(e);
    }

    /// <summary>Stamps an event and appends it.</summary>
    public void Append(Guid cause, CallEvent e) => Append(Stamp(cause, e));

    /// <summary>Appends one event, stamped already.</summary>
    public void Append(CallEvent e) => Append(new JournalEntry(e));

    /// <summary>Appends an entry of one or more stamped events.</summary>
    /// <exception cref="ArgumentException">An event is not stamped, or is another call's; nothing is appended.</exception>
    public void Append(JournalEntry entry)
    {
        foreach (var e in entry.Events)
        {
            if (e.EventId == Guid.Empty || e.CallId != CallId)
                throw new ArgumentException($"The event '{CallEventNames.Of(e)}' was not stamped by the stream of the call {CallId}.", nameof(entry));
        }
        foreach (ref var e in entry.Events.AsSpan())
        {
            // On its way to the store one batch may overtake another; what a cause does not order, this does.
            if (Last != Guid.Empty && Last != e.CausationId)
                e = e with { AfterId = Last };
            Last = e.EventId;
        }
        journal.Append(entry);
    }
}
