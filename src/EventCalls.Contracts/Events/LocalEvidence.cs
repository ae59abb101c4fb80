namespace EventCalls.Contracts;

/// <summary>The closed set of texts that <see cref="SipEvidence.ReasonPhrase"/> begins with when the evidence is <c>local</c> (or, for a BYE, <c>request</c>).</summary>
/// <remarks>They are stored, and outcomes are derived from them: a text is never changed, only added. What follows <c>": "</c> is detail for people.</remarks>
public static class LocalEvidence
{
    /// <summary>We sent what was asked (a BYE, a 3xx, a 4xx–6xx) and nothing will be heard of it.</summary>
    public const string Sent = "sent";

    /// <summary>It rang, or was tried, until the ring timeout, and was cancelled.</summary>
    public const string RingTimeout = "ring timeout";

    /// <summary>An INVITE was given up for another address or step, or at the ring timeout, and nothing at all had been heard.</summary>
    public const string NotHeard = "nothing heard";

    /// <summary>No response at all (Timer B or F).</summary>
    public const string NoResponse = "no response";

    /// <summary>The transport failed, or there is no listener of that transport and address family.</summary>
    public const string TransportError = "transport error";

    /// <summary>The host name has no address.</summary>
    public const string HostNotFound = "host not found";

    /// <summary>The target, a header, the caller id or the endpoint is not valid; nothing was sent.</summary>
    public const string InvalidTarget = "invalid target";

    /// <summary>The target's host may not be dialled by configuration; nothing was sent.</summary>
    public const string TargetNotAllowed = "target not allowed";

    /// <summary>The method needs a call that is not yet answered.</summary>
    public const string AlreadyAnswered = "call already answered";

    /// <summary>The REFER was accepted, and then no NOTIFY, or none that was final, came in time.</summary>
    public const string NoFinalNotify = "no final NOTIFY";

    /// <summary>The REFER was accepted, and then the other side hung up without a final NOTIFY (source <c>request</c>).</summary>
    public const string ByeBeforeFinalNotify = "BYE before the final NOTIFY";

    /// <summary>The caller cancelled or hung up (source <c>request</c>), or went silent (source <c>local</c>).</summary>
    public const string CallerGone = "caller gone";

    /// <summary>The caller's side did not take the target's session description.</summary>
    public const string CallerRefusedMedia = "caller refused the target's media";

    /// <summary>The target answered with a session that is no answer to what it was offered.</summary>
    public const string AnswerNotUsable = "the target's answer cannot be used";

    /// <summary>The caller's offer cannot be answered by us, so the call cannot be answered without a target.</summary>
    public const string OfferNotAnswerable = "the caller's offer cannot be answered";

    /// <summary>The target answered and left before the caller was connected to it (source <c>request</c> for a BYE, else <c>local</c>).</summary>
    public const string TargetGone = "target gone";

    /// <summary>The handoff was refused because another one of the same call is under way.</summary>
    public const string HandoffInProgress = "another handoff is in progress";

    /// <summary>The handoff was refused because the call has gone through as many as it may.</summary>
    public const string TooManyHandoffs = "too many handoffs";

    /// <summary>The router decided when the deadline had passed and the default had been taken.</summary>
    public const string DecidedTooLate = "decided after the deadline";

    /// <summary>The bus did not confirm the attempt's beginning in time, so nothing was sent.</summary>
    public const string NotConfirmed = "not confirmed by the bus";

    /// <summary>The node was stopped.</summary>
    public const string NodeStopped = "node stopped";

    /// <summary>An error of ours.</summary>
    public const string InternalError = "internal error";

    /// <summary>What the call was imported from does not show how the attempt ended.</summary>
    public const string NotSeen = "not seen";

    /// <summary>Whether the evidence says that a handoff was not taken up at all, so that it says nothing about the one under way.</summary>
    public static bool IsRefusal(SipEvidence evidence) =>
        evidence is { Source: "local", ReasonPhrase: { } phrase }
        && (phrase.StartsWith(HandoffInProgress, StringComparison.Ordinal)
            || phrase.StartsWith(TooManyHandoffs, StringComparison.Ordinal)
            || phrase.StartsWith(DecidedTooLate, StringComparison.Ordinal));

    /// <summary>Whether the evidence is of something that happened here, and of that: one of the texts, perhaps with detail behind it.</summary>
    public static bool Is(SipEvidence evidence, string text) =>
        evidence is { Source: "local" or "request", ReasonPhrase: { } phrase }
        && phrase.StartsWith(text, StringComparison.Ordinal)
        && (phrase.Length == text.Length || phrase[text.Length] == ':');
}
