using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>What changed calls of a group have in common that other calls have not.</summary>
/// <remarks>It is a statement about the calls that were looked at, not a proof of what the logic reads.</remarks>
public sealed record Cause
{
    /// <summary>The conditions in words.</summary>
    public string Text => string.Join(" and ", Conditions.Select(c => c.Text));

    /// <summary>The conditions; all of them hold for a call the cause explains.</summary>
    public required IReadOnlyList<CauseCondition> Conditions { get; init; }

    /// <summary>How many of the group's calls that were looked at meet the conditions, and how many were looked at.</summary>
    public required Share Changed { get; init; }

    /// <summary>How many of the other calls that were looked at meet the conditions all the same.</summary>
    public required Share Others { get; init; }

    /// <summary>The share of the group's calls that meet the conditions, 0–1.</summary>
    [JsonConverter(typeof(SixDigits))]
    public double Coverage => Changed.Fraction;

    /// <summary>Of all calls that meet the conditions, the share that is in the group, 0–1; extrapolated from the sample where it is one.</summary>
    [JsonConverter(typeof(SixDigits))]
    public required double Precision { get; init; }

    /// <summary>Other conditions that the very same calls meet; any of them may be the one that the logic reads.</summary>
    public IReadOnlyList<string> Equivalents { get; init; } = [];
}

/// <summary>What came of looking for what a group of changed calls has in common.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CauseFinding>))]
public enum CauseFinding
{
    /// <summary>Conditions were found that tell the changed calls from the others.</summary>
    [JsonStringEnumMemberName("found")]
    Found,

    /// <summary>All, or nearly all, calls of the old flow changed alike: nothing but the flow is the cause.</summary>
    [JsonStringEnumMemberName("whole_flow")]
    WholeFlow,

    /// <summary>Nothing tells the changed calls from the others with enough certainty.</summary>
    [JsonStringEnumMemberName("none_found")]
    NoneFound,

    /// <summary>There are too few calls to say anything.</summary>
    [JsonStringEnumMemberName("too_few")]
    TooFew,

    /// <summary>No calls of this group were kept to look at: there are more groups than are searched.</summary>
    [JsonStringEnumMemberName("not_searched")]
    NotSearched,
}

/// <summary>One condition on a call.</summary>
/// <param name="Kind">
/// <c>header</c>, <c>header_present</c>, <c>header_absent</c>, <c>state</c>, <c>state_present</c>, <c>state_absent</c>, <c>caller</c>, <c>caller_prefix</c>,
/// <c>callee</c>, <c>callee_prefix</c>, <c>trunk</c>, <c>hour</c>, <c>weekday</c>, <c>old_flow</c>, <c>old_target</c>, <c>after</c> or <c>matched_nothing</c>.
/// </param>
/// <param name="Name">The header's name or the state's key; empty for other kinds.</param>
/// <param name="Values">The values, one of which the call has; hours 0–23 UTC as a first and a last one.</param>
/// <param name="Text">The condition in words, such as <c>header X-Tier is gold</c>.</param>
public sealed record CauseCondition(string Kind, string Name, IReadOnlyList<string> Values, string Text);

/// <summary>So many of so many.</summary>
public sealed record Share(long Count, long Of)
{
    /// <summary>0–1; 0 of nothing is 0.</summary>
    [JsonIgnore]
    public double Fraction => Of == 0 ? 0 : (double)Count / Of;
}
