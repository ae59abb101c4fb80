using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>Events of a message wait for a cause that did not come in time; the rest of the message is stored. The bus should deliver the message again later.</summary>
public sealed class CauseNotStoredException(EventToAppend first, int count) : SameAgainException(
    $"{count} event(s) wait for a cause that is not stored, the first being '{first.Type}' {first.Event.EventId} of call {first.Event.CallId}, "
    + $"caused by {first.Event.CausationId}. Delivering the message again later is safe.")
{
    /// <summary>The call of the first event that waits.</summary>
    public Guid CallId { get; } = first.Event.CallId;

    /// <summary>The cause that is missing.</summary>
    public Guid CausationId { get; } = first.Event.CausationId;
}
