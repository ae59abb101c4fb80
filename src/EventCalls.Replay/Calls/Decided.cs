using System.Collections.ObjectModel;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Replay.Calls;

/// <summary>One decision: as it was recorded, or as it came out now.</summary>
public sealed record Decided
{
    /// <summary>The flow; <c>default</c> where the configured default was taken; empty where only the handoff is known, as of imported calls.</summary>
    public required string Flow { get; init; }

    /// <summary>The conversation's state after the decision.</summary>
    public required IReadOnlyDictionary<string, JsonElement> State { get; init; }

    /// <summary>The handoff's steps; the first one is tried first.</summary>
    public required IReadOnlyList<Handoff> Steps { get; init; }

    /// <summary>The reason given for the handoff; null when none was.</summary>
    public string? Reason { get; init; }

    /// <summary>The class, method, file and line that decided; empty when unknown.</summary>
    public string DecidedBy { get; init; } = "";

    /// <summary>The version of the logic that decided; empty when none did.</summary>
    public string LogicVersion { get; init; } = "";

    /// <summary>Whether the configured default was taken because the logic gave nothing usable, or nothing in time: the call matched nothing.</summary>
    public bool ByDefault { get; init; }

    internal static IReadOnlyDictionary<string, JsonElement> NoState { get; } = ReadOnlyDictionary<string, JsonElement>.Empty;
}
