using System.Text.Json.Serialization;

namespace EventCalls.Simulation.Forks;

/// <summary>What is made to happen otherwise.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InjectionKind>))]
public enum InjectionKind
{
    /// <summary>The attempt is refused with a status.</summary>
    [JsonStringEnumMemberName("status")]
    Status,

    /// <summary>The attempt is answered.</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>The attempt rings and nobody answers.</summary>
    [JsonStringEnumMemberName("ring")]
    Ring,

    /// <summary>Nothing at all is heard of the attempt.</summary>
    [JsonStringEnumMemberName("silence")]
    Silence,

    /// <summary>The REFER is accepted and then nothing is reported.</summary>
    [JsonStringEnumMemberName("no-notify")]
    NoNotify,

    /// <summary>The caller hangs up.</summary>
    [JsonStringEnumMemberName("hangup")]
    HangUp,

    /// <summary>The target that is connected hangs up.</summary>
    [JsonStringEnumMemberName("target-hangup")]
    TargetHangUp,

    /// <summary>The next decision does not come in time.</summary>
    [JsonStringEnumMemberName("no-decision")]
    NoDecision,
}
