using System.Text.Json.Serialization;

namespace EventCalls.Replay.Calls;

/// <summary>What deciding a past call again came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Every decision came out as it was recorded.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>A decision came out otherwise; <see cref="ReplayedCall.Changes"/> says in what.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>The candidate gave no usable decision where one was recorded; <see cref="ReplayedCall.Error"/> says why.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>Nothing can be said: the decision rests on something that was not recorded; <see cref="ReplayedCall.Unrecorded"/> names it.</summary>
    [JsonStringEnumMemberName("not_replayable")]
    NotReplayable,

    /// <summary>The very version that decided the call decides otherwise now: it is not deterministic, and no verdict on it can be relied on; <see cref="ReplayedCall.Unrecorded"/> says in what.</summary>
    [JsonStringEnumMemberName("nondeterministic")]
    Nondeterministic,
}
