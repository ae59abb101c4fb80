using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>The closed set of what can come of a transfer; snake_case in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransferOutcome>))]
public enum TransferOutcome
{
    /// <summary>The target answered (2xx, or a NOTIFY with a 2xx sipfrag).</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>The other side took the request over and nothing more will be reported (REFER without subscription, redirect, bye, reject).</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>486 or 600.</summary>
    [JsonStringEnumMemberName("busy")]
    Busy,

    /// <summary>Rang, or was heard of, until the ring timeout; or 408, 480 or 487 from the target.</summary>
    [JsonStringEnumMemberName("no_answer")]
    NoAnswer,

    /// <summary>603, 607, 608.</summary>
    [JsonStringEnumMemberName("declined")]
    Declined,

    /// <summary>404, 410, 484, 485, 604.</summary>
    [JsonStringEnumMemberName("not_found")]
    NotFound,

    /// <summary>405, 501, 403; or configuration does not let the target's host be dialled, and nothing was sent.</summary>
    [JsonStringEnumMemberName("not_allowed")]
    NotAllowed,

    /// <summary>401, 407 that credentials could not satisfy.</summary>
    [JsonStringEnumMemberName("unauthorized")]
    Unauthorized,

    /// <summary>No route, a transport error, an INVITE that was given up with nothing heard, 502, 503, or 504.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>No response at all to our request (Timer B or F).</summary>
    [JsonStringEnumMemberName("timed_out")]
    TimedOut,

    /// <summary>REFER was accepted and then nothing, or nothing final, was reported.</summary>
    [JsonStringEnumMemberName("no_notify")]
    NoNotify,

    /// <summary>The caller hung up, cancelled or went silent before it was decided.</summary>
    [JsonStringEnumMemberName("caller_hung_up")]
    CallerHungUp,

    /// <summary>The target, a header or the endpoint asked for is not valid; nothing was sent.</summary>
    [JsonStringEnumMemberName("invalid_target")]
    InvalidTarget,

    /// <summary>Anything else.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The call was ended before it was decided, and not by the caller: a command of the API ended it, another call took its place, or the node was stopped; the evidence says what.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
