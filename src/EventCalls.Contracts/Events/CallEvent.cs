using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What every event of a call carries.</summary>
/// <remarks>
/// Events are immutable, in the past tense, and change additively only: a breaking change is a new event and an upcaster. The first four members are
/// filled in by the stream that the event is appended to (<see cref="EventStamp"/>); an event without them is neither appended nor written nor read.
/// </remarks>
public abstract record CallEvent
{
    private Guid _id;
    private Guid _callId;
    private Guid _cause;
    private DateTimeOffset _at;

    /// <summary>Identifies this event for ever; a UUIDv7. The store takes each id once.</summary>
    [JsonRequired]
    public Guid EventId { get => _id; init => _id = value; }

    /// <summary>The call and the stream it is kept in; a UUIDv7, not the SIP Call-ID.</summary>
    [JsonRequired]
    public Guid CallId { get => _callId; init => _callId = value; }

    /// <summary>The event of the same call that caused this one; <see cref="Guid.Empty"/> for <see cref="CallStarted"/> alone, which no event caused but the INVITE that its <see cref="CallStarted.SipCallId"/> names.</summary>
    [JsonRequired]
    public Guid CausationId { get => _cause; init => _cause = value; }

    /// <summary>When it happened, UTC.</summary>
    [JsonRequired]
    public DateTimeOffset OccurredAt { get => _at; init => _at = value; }

    /// <summary>The event that its publisher recorded before this one in the same call; null when that is its cause, or there is none. The store keeps the two in this order.</summary>
    public Guid? AfterId { get; init; }

    /// <summary>Whether it says which event it is, and of which call.</summary>
    internal bool IsStamped => _id != Guid.Empty && _callId != Guid.Empty;

    /// <summary>Fills in the stamp, which it does not have yet.</summary>
    internal void Take(in EventStamp stamp)
    {
        if (_id != Guid.Empty || _callId != Guid.Empty || _cause != Guid.Empty || _at != default)
            throw new InvalidOperationException($"An event of the call {CallId} was to be stamped a second time.");
        (_id, _callId, _cause, _at) = stamp;
    }
}
