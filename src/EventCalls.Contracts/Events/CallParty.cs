using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Who ended a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallParty>))]
public enum CallParty
{
    /// <summary>The calling side.</summary>
    [JsonStringEnumMemberName("caller")]
    Caller,

    /// <summary>The transfer target.</summary>
    [JsonStringEnumMemberName("target")]
    Target,

    /// <summary>We did.</summary>
    [JsonStringEnumMemberName("system")]
    System,

    /// <summary>Somebody outside, through the API.</summary>
    [JsonStringEnumMemberName("api")]
    Api,
}
