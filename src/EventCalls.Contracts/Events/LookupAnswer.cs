using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>One look-up that routing logic made, and the answer it got (null: not found).</summary>
public sealed record LookupAnswer(string Name, string Key, string? Value)
{
    /// <summary>Why there was no answer, as the logic was told it: no such table was configured. Null when there was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }
}
