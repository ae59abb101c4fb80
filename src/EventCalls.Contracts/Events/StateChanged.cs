using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>The conversation's state was changed from outside routing logic. Recorded by the owner of the call, as a command says.</summary>
public sealed record StateChanged : CallEvent
{
    /// <summary>The keys that changed, with their new values; a JSON null removes the key.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Changes { get; init; }

    /// <summary>A state as it is after changes; a new one, the given one stays as it is.</summary>
    /// <param name="state">The state before; null for an empty one.</param>
    /// <param name="changes">The keys that change, a JSON null removing one.</param>
    public static IReadOnlyDictionary<string, JsonElement> After(IReadOnlyDictionary<string, JsonElement>? state, IReadOnlyDictionary<string, JsonElement> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var after = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, value) in state ?? after)
            after[key] = value;
        foreach (var (key, value) in changes)
        {
            if (value.ValueKind == JsonValueKind.Null)
                after.Remove(key);
            else
                after[key] = value;
        }
        return after;
    }
}
