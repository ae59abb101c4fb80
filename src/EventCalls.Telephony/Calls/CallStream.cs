using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The writing end of a call's stream: gives events their ids, causes and times, and puts them into the journal in order.</summary>
internal sealed class CallStream(Guid callId, ICallJournal journal, TimeProvider time)
{
    /// <summary>The call.</summary>
    public Guid CallId { get; } = callId;

    /// <summary>The last event appended here; what the next one is caused by unless it knows better.</summary>
    public Guid Last { get; private set; }

    /// <summary>Now, UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A new event id.</summary>
    public static Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);

    /// <summary>Appends one event.</summary>
    public void Append(CallEvent e) => Append(new JournalEntry(e));

    /// <summary>Appends an entry of one or more events.</summary>
    public void Append(JournalEntry entry)
    {
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
