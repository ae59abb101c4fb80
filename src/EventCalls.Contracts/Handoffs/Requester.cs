using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Who asked for a handoff.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Requester>))]
public enum Requester
{
    /// <summary>The routing logic.</summary>
    [JsonStringEnumMemberName("router")]
    Router,

    /// <summary>Nobody: the configured default, as there was no decision in time, or none that can be carried out.</summary>
    [JsonStringEnumMemberName("default")]
    Default,

    /// <summary>The API, in mid-call.</summary>
    [JsonStringEnumMemberName("api")]
    Api,

    /// <summary>Us, as an imported call shows it; why is not known.</summary>
    [JsonStringEnumMemberName("import")]
    Import,

    /// <summary>The caller's side, by a REFER of its own.</summary>
    [JsonStringEnumMemberName("caller")]
    Caller,

    /// <summary>The target, by a REFER of its own.</summary>
    [JsonStringEnumMemberName("target")]
    Target,
}
