using System.Text.Json.Serialization;

namespace EventCalls.Host.Commands.Calls.Moments;

/// <summary>What a call is doing at a moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallPhase>))]
internal enum CallPhase
{
    /// <summary>It waits for a decision.</summary>
    [JsonStringEnumMemberName("deciding")]
    Deciding,

    /// <summary>A handoff is asked for or under way.</summary>
    [JsonStringEnumMemberName("handing_off")]
    HandingOff,

    /// <summary>The caller is connected to a target.</summary>
    [JsonStringEnumMemberName("connected")]
    Connected,

    /// <summary>It was given away, or refused, and only its end is missing.</summary>
    [JsonStringEnumMemberName("ending")]
    Ending,

    /// <summary>It is over.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
