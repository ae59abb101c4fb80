namespace EventCalls.Contracts;

/// <summary>The one table of what a caller, or who referred, is told when its transfer failed.</summary>
public static class CallerStatus
{
    /// <summary>The final status that tells the caller best what happened, 400–699.</summary>
    /// <remarks>
    /// What a target says about the call passes as it is; what it says about our request, or about itself, becomes what it means to the
    /// caller. 503 is never among the results: a carrier takes it as "this server is down" (RFC 3261 §16.7 step 6, §21.5.4). The rest is
    /// near RFC 3398 §8.2.6.1.
    /// </remarks>
    /// <param name="outcome">The attempt's outcome.</param>
    /// <param name="evidence">What it was derived from.</param>
    public static int Of(TransferOutcome outcome, SipEvidence evidence)
    {
        if (evidence is { Source: "response" or "notify", Status: int status } && OfTarget(status) is int told)
            return told;
        if (evidence is { Source: "local", Status: >= 400 and int said })
            return said;
        return evidence.Here() switch
        {
            LocalEvidence.OfferNotAnswerable or LocalEvidence.AnswerNotUsable or LocalEvidence.CallerRefusedMedia => 488,
            LocalEvidence.TargetGone => 480,
            LocalEvidence.TooManyHandoffs => 403,
            _ => OfOutcome(outcome),
        };
    }

    /// <summary>The final status that a NOTIFY tells who referred (RFC 3515 §2.4.5), 300–699: the new target's own, or what a user agent takes its silence for (RFC 3261 §8.1.3.1).</summary>
    /// <param name="outcome">The attempt's outcome.</param>
    /// <param name="evidence">What it was derived from.</param>
    public static int OfReferred(TransferOutcome outcome, SipEvidence evidence) => evidence switch
    {
        { Source: "response" or "notify", Status: >= 300 and int status } => status,
        { Source: "local", Status: null } => evidence.Here() switch
        {
            LocalEvidence.NoResponse or LocalEvidence.NotHeard => 408,
            LocalEvidence.TransportError or LocalEvidence.HostNotFound or LocalEvidence.NotConfirmed => 503,
            _ => Of(outcome, evidence),
        },
        _ => Of(outcome, evidence),
    };

    private static int OfOutcome(TransferOutcome outcome) => outcome switch
    {
        TransferOutcome.Busy => 486,
        TransferOutcome.Declined => 603,
        TransferOutcome.NotFound => 404,
        TransferOutcome.NotAllowed or TransferOutcome.Unauthorized => 403,
        TransferOutcome.Unreachable => 502,
        TransferOutcome.TimedOut => 504,
        TransferOutcome.CallerHungUp or TransferOutcome.Cancelled => 487,
        TransferOutcome.InvalidTarget or TransferOutcome.Error => 500,
        _ => 480,
    };

    // Of the others, 401, 407, 408, 420, 421, 481, 487, 491 and their like are between us and the target, and 5xx are its own trouble.
    private static int? OfTarget(int status) => status switch
    {
        402 or 403 or 404 or 406 or 410 or 413 or 415 or 433 or 480 or 482 or 483 or 484 or 485 or 486 or 488 or 493 or 580
            or 600 or 603 or 604 or 606 or 607 or 608 => status,
        // It is known there, and calls for it go elsewhere, for good or for now; nobody followed (RFC 3261 §21.4.11, §21.4.18).
        301 => 410,
        >= 300 and < 400 => 480,
        // What is not known of a class is its first (§8.1.3.2).
        >= 600 => 600,
        _ => null,
    };
}
