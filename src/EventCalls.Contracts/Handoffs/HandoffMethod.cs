using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>How a call is handed off.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandoffMethod>))]
public enum HandoffMethod
{
    /// <summary>Bridge to a new outbound leg.</summary>
    [JsonStringEnumMemberName("invite")]
    Invite,

    /// <summary>The SBC takes the call over (RFC 3515).</summary>
    [JsonStringEnumMemberName("refer")]
    Refer,

    /// <summary>Give the call back with BYE.</summary>
    [JsonStringEnumMemberName("bye")]
    Bye,

    /// <summary>302 before answer.</summary>
    [JsonStringEnumMemberName("redirect")]
    Redirect,

    /// <summary>A final 4xx–6xx before answer.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,
}
