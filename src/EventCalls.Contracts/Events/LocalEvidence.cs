using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>The closed set of what can happen here to an attempt; kept as the text that <see cref="SipEvidence.ReasonPhrase"/> begins with when the evidence is <c>local</c> (or, for a BYE or CANCEL, <c>request</c>).</summary>
/// <remarks>The texts are stored, and outcomes are derived from them: one is never changed, only added. What follows <c>": "</c> is detail for people.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<LocalEvidence>))]
public enum LocalEvidence
{
    /// <summary>We sent what was asked (a BYE, a 3xx, a 4xx–6xx) and nothing will be heard of it.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>It rang, or was tried, until the ring timeout, and was cancelled.</summary>
    [JsonStringEnumMemberName("ring timeout")]
    RingTimeout,

    /// <summary>An INVITE was given up for another address or step, or at the ring timeout, and nothing at all had been heard.</summary>
    [JsonStringEnumMemberName("nothing heard")]
    NotHeard,

    /// <summary>No response at all (Timer B or F).</summary>
    [JsonStringEnumMemberName("no response")]
    NoResponse,

    /// <summary>The transport failed, or there is no listener of that transport and address family.</summary>
    [JsonStringEnumMemberName("transport error")]
    TransportError,

    /// <summary>The host name has no address.</summary>
    [JsonStringEnumMemberName("host not found")]
    HostNotFound,

    /// <summary>The target, a header, the caller id or the endpoint is not valid; nothing was sent.</summary>
    [JsonStringEnumMemberName("invalid target")]
    InvalidTarget,

    /// <summary>The target's host may not be dialled by configuration; nothing was sent.</summary>
    [JsonStringEnumMemberName("target not allowed")]
    TargetNotAllowed,

    /// <summary>The method needs a call that is not yet answered.</summary>
    [JsonStringEnumMemberName("call already answered")]
    AlreadyAnswered,

    /// <summary>The REFER was accepted, and then no NOTIFY, or none that was final, came in time.</summary>
    [JsonStringEnumMemberName("no final NOTIFY")]
    NoFinalNotify,

    /// <summary>The REFER was accepted, and then the other side hung up without a final NOTIFY (source <c>request</c>).</summary>
    [JsonStringEnumMemberName("BYE before the final NOTIFY")]
    ByeBeforeFinalNotify,

    /// <summary>The caller cancelled or hung up (source <c>request</c>), or went silent (source <c>local</c>).</summary>
    [JsonStringEnumMemberName("caller gone")]
    CallerGone,

    /// <summary>The caller's side did not take the target's session description.</summary>
    [JsonStringEnumMemberName("caller refused the target's media")]
    CallerRefusedMedia,

    /// <summary>The target answered with a session that is no answer to what it was offered.</summary>
    [JsonStringEnumMemberName("the target's answer cannot be used")]
    AnswerNotUsable,

    /// <summary>The caller's offer cannot be answered by us, so the call cannot be answered without a target.</summary>
    [JsonStringEnumMemberName("the caller's offer cannot be answered")]
    OfferNotAnswerable,

    /// <summary>The target answered and left before the caller was connected to it (source <c>request</c> for a BYE, else <c>local</c>).</summary>
    [JsonStringEnumMemberName("target gone")]
    TargetGone,

    /// <summary>The handoff was refused because another one of the same call is under way.</summary>
    [JsonStringEnumMemberName("another handoff is in progress")]
    HandoffInProgress,

    /// <summary>The handoff was refused because the call has gone through as many as it may.</summary>
    [JsonStringEnumMemberName("too many handoffs")]
    TooManyHandoffs,

    /// <summary>The router decided when the deadline had passed and the default had been taken.</summary>
    [JsonStringEnumMemberName("decided after the deadline")]
    DecidedTooLate,

    /// <summary>The dialog that the new call was to take the place of is not there, or cannot be joined with this call.</summary>
    [JsonStringEnumMemberName("no such dialog to replace")]
    NoSuchDialog,

    /// <summary>The bus did not confirm the attempt's beginning in time, so nothing was sent.</summary>
    [JsonStringEnumMemberName("not confirmed by the bus")]
    NotConfirmed,

    /// <summary>The node was stopped.</summary>
    [JsonStringEnumMemberName("node stopped")]
    NodeStopped,

    /// <summary>An error of ours.</summary>
    [JsonStringEnumMemberName("internal error")]
    InternalError,

    /// <summary>What the call was imported from does not show how the attempt ended.</summary>
    [JsonStringEnumMemberName("not seen")]
    NotSeen,

    /// <summary>The call was ended, not by the caller, while the attempt was under way; older streams have <c>caller gone</c> for it, with what it was behind it.</summary>
    [JsonStringEnumMemberName("call ended")]
    CallEnded,

    /// <summary>The media was to go through the node, and no port was free for it; nothing was sent.</summary>
    [JsonStringEnumMemberName("no free port for media")]
    NoMediaPort,

    /// <summary>The media was to go through an rtpengine, and none wrote the session description; what follows names each and what it said.</summary>
    [JsonStringEnumMemberName("no media engine")]
    MediaEngine,
}
