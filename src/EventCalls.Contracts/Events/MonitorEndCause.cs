using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Why somebody hears a call no more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MonitorEndCause>))]
public enum MonitorEndCause
{
    /// <summary>They hung up.</summary>
    [JsonStringEnumMemberName("hung_up")]
    HungUp,

    /// <summary>A command asked for the end.</summary>
    [JsonStringEnumMemberName("command")]
    Command,

    /// <summary>The call they heard has ended.</summary>
    [JsonStringEnumMemberName("call_ended")]
    CallEnded,

    /// <summary>They did not answer, or could not be called.</summary>
    [JsonStringEnumMemberName("not_reached")]
    NotReached,

    /// <summary>They went silent, or something broke.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,
}
