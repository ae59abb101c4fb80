namespace EventCalls.Contracts;

/// <summary>Derives the typed outcome of an attempt from the evidence that is kept of it; the same function for live calls, projections and re-derivation.</summary>
public static class TransferOutcomes
{
    /// <summary>The outcome that the evidence shows.</summary>
    /// <param name="method">How the handoff was tried.</param>
    /// <param name="evidence">What SIP said last, or what happened locally.</param>
    public static TransferOutcome Derive(HandoffMethod method, SipEvidence evidence) => evidence.Source switch
    {
        "response" => evidence.Status is int status ? OfResponse(method, status) : TransferOutcome.Error,
        // A provisional or unreadable report is no final one.
        "notify" => evidence.Status is int status and >= 200 ? OfStatus(status) : TransferOutcome.NoNotify,
        "request" => OfRequest(evidence),
        "local" => OfLocal(evidence),
        "record" => OfRecord(evidence),
        _ => TransferOutcome.Error,
    };

    /// <summary>Whether the outcome ends the handoff well: <see cref="TransferOutcome.Answered"/> or <see cref="TransferOutcome.Accepted"/>.</summary>
    public static bool IsSuccess(TransferOutcome outcome) => outcome is TransferOutcome.Answered or TransferOutcome.Accepted;

    // A 2xx to a REFER says that the request was taken over, not that anybody answered (RFC 3515 §2.4.2).
    private static TransferOutcome OfResponse(HandoffMethod method, int status) =>
        status is >= 200 and < 300 && method != HandoffMethod.Invite ? TransferOutcome.Accepted : OfStatus(status);

    private static TransferOutcome OfStatus(int status) => status switch
    {
        >= 200 and < 300 => TransferOutcome.Answered,
        486 or 600 => TransferOutcome.Busy,
        408 or 480 or 487 => TransferOutcome.NoAnswer,
        603 or 607 or 608 => TransferOutcome.Declined,
        404 or 410 or 484 or 485 or 604 => TransferOutcome.NotFound,
        403 or 405 or 501 => TransferOutcome.NotAllowed,
        401 or 407 => TransferOutcome.Unauthorized,
        502 or 503 or 504 => TransferOutcome.Unreachable,
        _ => TransferOutcome.Error,
    };

    private static TransferOutcome OfRequest(SipEvidence e) => e.Here() switch
    {
        LocalEvidence.ByeBeforeFinalNotify => TransferOutcome.NoNotify,
        LocalEvidence.TargetGone => TransferOutcome.Error,
        _ => TransferOutcome.CallerHungUp,
    };

    private static TransferOutcome OfLocal(SipEvidence e) => e.Here() switch
    {
        LocalEvidence.Sent => TransferOutcome.Accepted,
        LocalEvidence.RingTimeout => TransferOutcome.NoAnswer,
        LocalEvidence.NoResponse => TransferOutcome.TimedOut,
        LocalEvidence.NotHeard or LocalEvidence.TransportError or LocalEvidence.HostNotFound => TransferOutcome.Unreachable,
        LocalEvidence.InvalidTarget => TransferOutcome.InvalidTarget,
        LocalEvidence.AlreadyAnswered or LocalEvidence.TargetNotAllowed => TransferOutcome.NotAllowed,
        LocalEvidence.NoSuchDialog => TransferOutcome.NotFound,
        LocalEvidence.NoFinalNotify => TransferOutcome.NoNotify,
        LocalEvidence.CallerGone => TransferOutcome.CallerHungUp,
        LocalEvidence.CallEnded or LocalEvidence.NodeStopped => TransferOutcome.Cancelled,
        _ => TransferOutcome.Error,
    };

    private static TransferOutcome OfRecord(SipEvidence e)
    {
        string? said = e.ReasonPhrase;
        return WireName.Parse<TransferOutcome>(said?.IndexOf(':') is >= 0 and var end ? said[..end] : said) ?? TransferOutcome.Error;
    }
}
