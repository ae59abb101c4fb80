using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports;

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
