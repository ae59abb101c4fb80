using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>A record of a challenger's share of the calls: what holds from then on, for all routers.</summary>
public sealed record CanaryRecord
{
    /// <summary>Its place among all: 1 for the first, and no number is left out.</summary>
    public required long Number { get; init; }

    /// <summary>What happened.</summary>
    public required CanaryChange Change { get; init; }

    /// <summary>The content hash of the version that is tried.</summary>
    public required string Challenger { get; init; }

    /// <summary>The content hash of the version that decides the others; null when each router's folder does.</summary>
    public string? Champion { get; init; }

    /// <summary>The challenger's share of the calls, percent; 0 when it has none any more.</summary>
    public required int Share { get; init; }

    /// <summary>The step of the plan, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>The plan.</summary>
    public required CanaryPlan Plan { get; init; }

    /// <summary>Who did it: a user, or <see cref="Itself"/>.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why, or what whoever asked for it said to it; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The number of the activation beside which it holds: with another one it is over. 0 for none.</summary>
    public required long Activation { get; init; }

    /// <summary>The position in the event store behind which calls count for this step.</summary>
    public required long Position { get; init; }

    /// <summary>What the step before came to; null for none.</summary>
    public CanaryCounts? Counts { get; init; }

    /// <summary>Who changes a share that no user changed.</summary>
    [JsonIgnore]
    public static string Itself => "canary";

    /// <summary>Whether the challenger decides calls.</summary>
    [JsonIgnore]
    public bool IsOn => Share > 0;

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static CanaryRecord Read(ProofRecord kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return JsonSerializer.Deserialize(kept.Json, CanaryJson.Default.CanaryRecord) ?? throw new JsonException("a canary's record is null");
    }

    /// <summary>The record as it is kept.</summary>
    public ProofRecord ToKept() => new(ProofKind.Canary, Number, At, JsonSerializer.Serialize(this, CanaryJson.Default.CanaryRecord));
}

/// <summary>Calls that came to an end, and how many of them a target answered or took over.</summary>
/// <param name="ChallengerCalls">Those that the challenger decided.</param>
/// <param name="ChallengerGood">Of them, those that succeeded.</param>
/// <param name="ChampionCalls">Those that the other version decided meanwhile.</param>
/// <param name="ChampionGood">Of them, those that succeeded.</param>
public sealed record CanaryCounts(long ChallengerCalls, long ChallengerGood, long ChampionCalls, long ChampionGood)
{
    /// <summary>No calls.</summary>
    public static CanaryCounts None { get; } = new(0, 0, 0, 0);
}

/// <summary>What happened to a challenger's share.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CanaryChange>))]
public enum CanaryChange
{
    /// <summary>It got its first share.</summary>
    [JsonStringEnumMemberName("started")]
    Started,

    /// <summary>It got a larger one.</summary>
    [JsonStringEnumMemberName("raised")]
    Raised,

    /// <summary>It proved no worse, and decides all calls.</summary>
    [JsonStringEnumMemberName("promoted")]
    Promoted,

    /// <summary>It proved worse, or its guard took its share.</summary>
    [JsonStringEnumMemberName("rolled_back")]
    RolledBack,

    /// <summary>Somebody ended it, or activated another version.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanaryRecord))]
internal sealed partial class CanaryJson : JsonSerializerContext;
