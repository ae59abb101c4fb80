using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What somebody outside asks of the recording of a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordingChange>))]
public enum RecordingChange
{
    /// <summary>Record from now on.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>Record silence, and withhold digits.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>Record again.</summary>
    [JsonStringEnumMemberName("resume")]
    Resume,

    /// <summary>End it, and delete what there is.</summary>
    [JsonStringEnumMemberName("discard")]
    Discard,
}
