namespace EventCalls.Contracts;

/// <summary>What tells one event of a call from all others: the members of <see cref="CallEvent"/> that whoever appends it fills in, all at once.</summary>
/// <param name="Id">The event.</param>
/// <param name="CallId">The call and its stream.</param>
/// <param name="Cause">The event that caused it; <see cref="Guid.Empty"/> for <see cref="CallStarted"/> alone.</param>
/// <param name="At">When it happened, UTC.</param>
public readonly record struct EventStamp(Guid Id, Guid CallId, Guid Cause, DateTimeOffset At)
{
    /// <summary>Stamps an event that has just been made, and returns it.</summary>
    /// <exception cref="InvalidOperationException">The event has been stamped before; it is a fact, and stays as it is.</exception>
    public T On<T>(T e)
        where T : CallEvent
    {
        e.Take(this);
        return e;
    }
}
