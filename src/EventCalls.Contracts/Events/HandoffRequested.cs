namespace EventCalls.Contracts;

/// <summary>The call is to be handed off. Published by the router or the API; carried out by the node that owns the call.</summary>
public sealed record HandoffRequested : CallEvent
{
    /// <summary>The node that owns the call, and the only one this is delivered to.</summary>
    public required string Node { get; init; }

    /// <summary>Identifies the handoff; all its attempts carry it. A second delivery with the same id does nothing.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>What to do first, then in order while the one before failed. Empty when nobody could decide about two who talk: they go on, and a caller whom the target has left meanwhile gets what is configured for calls that nobody decides.</summary>
    public required IReadOnlyList<Handoff> Steps { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Requester RequestedBy { get; init; }

    /// <summary>Why, for machines: given by the logic, or by who asked for the handoff. Null when nothing was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The decision that asks for it; the node gives it back with <see cref="RerouteCall"/>. Null when nothing was decided.</summary>
    /// <remarks>It travels with the message to the node only: the stream has the decision as an event of its own.</remarks>
    public FlowSelected? Selected { get; init; }
}
