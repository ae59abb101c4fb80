using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What is done with a REFER that one side of a call sends us, unless routing logic decides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReferPolicy>))]
public enum ReferPolicy
{
    /// <summary>We call whom it refers to, and connect the other side with them.</summary>
    [JsonStringEnumMemberName("carry_out")]
    CarryOut,

    /// <summary>The other side is asked the same, by REFER.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>It is refused.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,
}
