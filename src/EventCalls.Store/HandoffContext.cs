using System.Text.Json;

namespace EventCalls.Store;

/// <summary>What the side that receives a call is told of it: for a screen pop after an INVITE, a REFER or a BYE.</summary>
public sealed record HandoffContext
{
    /// <summary>The name of the state's value that is meant for the receiving side.</summary>
    public const string StateKey = "handoff";

    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The SIP Call-ID of the caller's leg.</summary>
    public required string SipCallId { get; init; }

    /// <summary>The caller's number; empty when withheld.</summary>
    public required string CallerNumber { get; init; }

    /// <summary>The dialled number.</summary>
    public required string CalleeNumber { get; init; }

    /// <summary>The handoff; null when the call has had none.</summary>
    public Guid? HandoffId { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>Why, for machines; null when nothing was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The flow that asked for it; null when none did.</summary>
    public string? Flow { get; init; }

    /// <summary>The state's value <see cref="StateKey"/>; null when there is none.</summary>
    public JsonElement? Handoff => State.TryGetValue(StateKey, out var value) ? value : null;

    /// <summary>The whole state, as it was when the handoff was asked for, with what was changed in it from outside before the next decision.</summary>
    public required IReadOnlyDictionary<string, JsonElement> State { get; init; }
}

/// <summary>Finds the context of a handoff.</summary>
public interface IHandoffContexts
{
    /// <summary>Finds it; null when there is no such call.</summary>
    /// <param name="id">What the receiving side knows: the handoff's id, as a configured <c>ContextHeader</c> carries it, also in the hex of User-to-User; our call id or the SIP Call-ID of the caller's leg, for the call's last handoff.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="StoreUnreachableException">The store cannot be used now.</exception>
    Task<HandoffContext?> FindAsync(string id, CancellationToken cancellationToken);
}
