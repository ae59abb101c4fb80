using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>The conversation's state was changed from outside routing logic. Published by the API.</summary>
public sealed record StateChanged : CallEvent
{
    /// <summary>The keys that changed, with their new values; a JSON null removes the key.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Changes { get; init; }
}
