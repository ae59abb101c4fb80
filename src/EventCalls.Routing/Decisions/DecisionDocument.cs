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

    /// <summary>The handoff and its fallbacks, in order; empty when none is given, or it is <see cref="Named"/>.</summary>
    public IReadOnlyList<Contracts.Handoff> Steps { get; init; } = [];

    /// <summary>The destination that is asked for by its name; null when none is. What it stands for is found by <c>HandoffDestinations.TryResolve</c>.</summary>
    public NamedHandoff? Named { get; init; }

    /// <summary>The destination that the first of <see cref="Steps"/> was made of; null when it was given itself.</summary>
    public NamedHandoff? Resolved { get; init; }

    /// <summary>What each step was asked for by, for what is said of it.</summary>
    internal IReadOnlyList<NamedHandoff?> Asked => [Resolved, .. Enumerable.Repeat<NamedHandoff?>(null, Math.Max(Steps.Count - 1, 0))];

    /// <summary>What was to be spoken and was passed over, by the names of its fields, <c>text</c> for a decision that is nothing but text; empty when nothing was.</summary>
    public IReadOnlyList<string> IgnoredSpeech { get; init; } = [];
}
