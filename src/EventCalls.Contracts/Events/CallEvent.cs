namespace EventCalls.Contracts;

/// <summary>What every event of a call carries.</summary>
/// <remarks>
/// Events are immutable, in the past tense, and change additively only: a breaking change is a new event and an upcaster.
/// </remarks>
public abstract record CallEvent
{
    /// <summary>Identifies this event for ever; a UUIDv7. The store takes each id once.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The call and the stream it is kept in; a UUIDv7, not the SIP Call-ID.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The event of the same call that caused this one; <see cref="Guid.Empty"/> for <see cref="CallStarted"/> alone.</summary>
    public required Guid CausationId { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The event that its publisher recorded before this one in the same call; null when that is its cause, or there is none. The store keeps the two in this order.</summary>
    public Guid? AfterId { get; init; }
}
