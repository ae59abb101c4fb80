using System.Text.Json;

namespace EventCalls.Routing.Decisions;

/// <summary>A decision in its JSON form, as read.</summary>
public sealed record DecisionDocument
{
    /// <summary>The flow's name; null when not given.</summary>
    public string? Flow { get; init; }

    /// <summary>The state to set; null when not given. A JSON null removes the key.</summary>
    public IReadOnlyDictionary<string, JsonElement>? State { get; init; }

    /// <summary>Why the call is handed off, for machines; null when not given.</summary>
    public string? Reason { get; init; }

    /// <summary>The handoff and its fallbacks, in order; empty when none is given.</summary>
    public IReadOnlyList<Contracts.Handoff> Steps { get; init; } = [];
}
