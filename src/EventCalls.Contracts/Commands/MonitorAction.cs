using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What somebody outside asks of the monitoring of a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MonitorAction>))]
public enum MonitorAction
{
    /// <summary>Call somebody who is to hear the call.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>Have them say something, or no longer.</summary>
    [JsonStringEnumMemberName("change")]
    Change,

    /// <summary>Hang up on them.</summary>
    [JsonStringEnumMemberName("end")]
    End,
}
