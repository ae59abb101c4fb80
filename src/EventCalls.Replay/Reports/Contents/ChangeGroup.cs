using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>Changed calls that changed alike: from one flow to another; or, in the same flow, from one target to another; or in the same fields.</summary>
public sealed record ChangeGroup
{
    /// <summary>The decision that changed: 0 for the call's first one, n for the one after the n-th failed handoff.</summary>
    public required int Retry { get; init; }

    /// <summary>The flows as recorded; several where calls of all of them changed alike for the same cause.</summary>
    public required IReadOnlyList<string> FromFlows { get; init; }

    /// <summary>The flow as the candidate decides; null where each call stays in its flow.</summary>
    public string? ToFlow { get; init; }

    /// <summary>The first target as recorded; null unless the group is one of targets in the same flow.</summary>
    public string? FromTarget { get; init; }

    /// <summary>The first target as the candidate decides; null unless the group is one of targets in the same flow.</summary>
    public string? ToTarget { get; init; }

    /// <summary>The names of the fields that changed where flow and target stayed; empty otherwise.</summary>
    public string ChangedFields { get; init; } = "";

    /// <summary>How many calls.</summary>
    public required long Calls { get; init; }

    /// <summary>How many replayed calls had the same old flow at the same decision and did not make this change; where several old flows are put together, of any old flow.</summary>
    public required long Others { get; init; }

    /// <summary>How many of <see cref="Others"/> did not change at all.</summary>
    public required long Unchanged { get; init; }

    /// <summary>What came of looking for a common cause.</summary>
    public required CauseFinding Finding { get; init; }

    /// <summary>Whether the causes were sought in a sample of the calls.</summary>
    [JsonPropertyName("sampled")]
    public bool IsSampled => SampledCalls < Calls || SampledOthers < Others;

    /// <summary>How many calls of the group were looked at for causes; fewer than <see cref="Calls"/> when it is a sample.</summary>
    public int SampledCalls { get; init; }

    /// <summary>How many of the other calls were looked at; fewer than <see cref="Others"/> when it is a sample.</summary>
    public int SampledOthers { get; init; }

    /// <summary>Of how many calls of the group, <see cref="SampledCalls"/> looked at, no cause was found.</summary>
    public int Unexplained { get; init; }

    /// <summary>The causes, the one that explains most first; empty unless one was found.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];

    /// <summary>How many calls changed in which field.</summary>
    [JsonIgnore]
    public required Listing<FieldCount> Fields { get; init; }

    [JsonInclude]
    [JsonPropertyName("fields")]
    internal IReadOnlyList<FieldCount> ListedFields => Fields.Items;

    [JsonInclude]
    internal long FieldsOmitted => Fields.Omitted;

    /// <summary>The most frequent single differences.</summary>
    [JsonIgnore]
    public required Listing<ValueChange> Values { get; init; }

    [JsonInclude]
    [JsonPropertyName("values")]
    internal IReadOnlyList<ValueChange> ListedValues => Values.Items;

    [JsonInclude]
    internal long ValuesOmitted => Values.Omitted;

    /// <summary>Which lines decided, as recorded and as the candidate decides, the most frequent first.</summary>
    [JsonIgnore]
    public IReadOnlyList<DecidedAt> Places { get; init; } = [];

    /// <summary>The first few calls of the group, the oldest first.</summary>
    public required IReadOnlyList<Guid> Examples { get; init; }
}

/// <summary>How many calls of a group differ in a field in this very way.</summary>
/// <param name="Field">As <see cref="Calls.FieldChange.Field"/> says.</param>
/// <param name="Was">As recorded, cut when long; null where there was none.</param>
/// <param name="Now">As the candidate has it, cut when long; null where there is none.</param>
/// <param name="Calls">How many calls.</param>
public sealed record ValueChange(string Field, string? Was, string? Now, long Calls);

/// <summary>The lines that decided calls of a group: class, method, file and line.</summary>
/// <param name="Was">As recorded; empty when unknown.</param>
/// <param name="Now">As the candidate decides; empty when unknown.</param>
/// <param name="Calls">How many calls.</param>
public sealed record DecidedAt(string Was, string Now, long Calls);
