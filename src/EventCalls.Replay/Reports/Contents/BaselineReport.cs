using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>What the baseline version made of the same calls against the record, when it decided them beside the candidate.</summary>
public sealed record BaselineReport
{
    /// <summary>The baseline's content hash.</summary>
    public required string Version { get; init; }

    /// <summary>The baseline for people: its folder, or <c>stored version</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many of the calls the baseline itself had decided when they were recorded.</summary>
    public required long OwnCalls { get; init; }

    /// <summary>Of these, how many it decides otherwise now, or not twice alike: the noise of the report, 0 for logic that is deterministic.</summary>
    public required long Noise { get; init; }

    /// <summary>Calls that the baseline decides otherwise than recorded: what versions since then had changed already. They count as changed only when the candidate differs from the baseline.</summary>
    public required long AlreadyChanged { get; init; }

    /// <summary>How many of <see cref="AlreadyChanged"/> the baseline itself had decided. They are no noise: it is given something else now than was recorded, such as tokens of an anonymized history, and so is the candidate.</summary>
    public long OwnOtherwise { get; init; }

    /// <summary>Calls for which the baseline gives nothing usable.</summary>
    public required long Errors { get; init; }

    /// <summary>Calls of which nothing can be said because of the baseline; they are not replayable.</summary>
    public required long NotReplayable { get; init; }

    /// <summary>In which fields the baseline had changed calls already, the most frequent first.</summary>
    [JsonIgnore]
    public required Listing<FieldCount> AlreadyFields { get; init; }

    [JsonInclude]
    [JsonPropertyName("alreadyFields")]
    internal IReadOnlyList<FieldCount> ListedFields => AlreadyFields.Items;

    [JsonInclude]
    internal long AlreadyFieldsOmitted => AlreadyFields.Omitted;
}
