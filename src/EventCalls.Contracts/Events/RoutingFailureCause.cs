using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Why routing logic gave no usable decision.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RoutingFailureCause>))]
public enum RoutingFailureCause
{
    /// <summary>No logic is loaded.</summary>
    [JsonStringEnumMemberName("no_logic")]
    NoLogic,

    /// <summary>The logic threw.</summary>
    [JsonStringEnumMemberName("logic_threw")]
    LogicThrew,

    /// <summary>The logic ran over its time limit and was abandoned.</summary>
    [JsonStringEnumMemberName("logic_timed_out")]
    LogicTimedOut,

    /// <summary><c>GotoFlow</c> named a flow that does not exist, or flows went in a circle.</summary>
    [JsonStringEnumMemberName("unknown_flow")]
    UnknownFlow,

    /// <summary>The decision itself is not valid: an unknown outbound endpoint, a header value with CR, LF or NUL, a target that is no URI or number.</summary>
    [JsonStringEnumMemberName("invalid_decision")]
    InvalidDecision,

    /// <summary>The logic returned without deciding.</summary>
    [JsonStringEnumMemberName("no_decision")]
    NoDecision,

    /// <summary>The decision could not be confirmed by the bus.</summary>
    [JsonStringEnumMemberName("bus_unavailable")]
    BusUnavailable,

    /// <summary>The logic ended the process that decided: its stack overflowed, its memory was used up, or it crashed.</summary>
    [JsonStringEnumMemberName("logic_crashed")]
    LogicCrashed,
}
