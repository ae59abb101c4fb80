using System.Text.Json.Serialization;

namespace EventCalls.Store.Keeping;

/// <summary>What became of calls, as JSON.</summary>
/// <param name="Action">What was to be done.</param>
/// <param name="Calls">How many calls were chosen.</param>
/// <param name="Done">To how many it was done now.</param>
public sealed record KeptCalls(string Action, long Calls, long Done)
{
    /// <summary>How many recordings were deleted with them; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Recordings { get; init; }

    /// <summary>How many recordings of theirs could not be; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RecordingsLeft { get; init; }
}

/// <summary>How that is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptCalls))]
public sealed partial class KeepingJson : JsonSerializerContext;
