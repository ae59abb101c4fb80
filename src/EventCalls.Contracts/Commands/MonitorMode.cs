using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What somebody who monitors a call may say in it, and to whom.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MonitorMode>))]
public enum MonitorMode
{
    /// <summary>Hears both sides, and is heard by nobody.</summary>
    [JsonStringEnumMemberName("listen")]
    Listen,

    /// <summary>Is heard by one side, too.</summary>
    [JsonStringEnumMemberName("whisper")]
    Whisper,

    /// <summary>Is heard by both sides, too.</summary>
    [JsonStringEnumMemberName("join")]
    Join,
}
