using System.Text.Json.Serialization;

namespace EventCalls.Replay.Explaining;

/// <summary>Who decided.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DecisionKind>))]
public enum DecisionKind
{
    /// <summary>Routing logic, whose sources are kept.</summary>
    [JsonStringEnumMemberName("logic")]
    Logic,

    /// <summary>A web service.</summary>
    [JsonStringEnumMemberName("webhook")]
    Webhook,

    /// <summary>The configured default, because routing logic gave nothing usable.</summary>
    [JsonStringEnumMemberName("default")]
    Default,

    /// <summary>The configured default, because there was no logic.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The configured default, because nobody had decided in time.</summary>
    [JsonStringEnumMemberName("deadline")]
    Deadline,

    /// <summary>Somebody outside, through the API.</summary>
    [JsonStringEnumMemberName("api")]
    Api,

    /// <summary>What is configured to be done with a REFER of one of the two who talk.</summary>
    [JsonStringEnumMemberName("policy")]
    Policy,
}
