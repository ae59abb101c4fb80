namespace EventCalls.Contracts;

/// <summary>The one table of what a caller is told when its transfer failed.</summary>
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
        if (evidence is { Source: "response" or "notify", Status: int status } && Passes(status))
            return status;
        if (evidence.Here() is LocalEvidence.OfferNotAnswerable or LocalEvidence.AnswerNotUsable or LocalEvidence.CallerRefusedMedia)
            return 488;
        return outcome switch
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
    }

    // Of the others, 401, 407, 408, 420, 421, 481, 487, 491 and their like are between us and the target, and 5xx are its own trouble.
    private static bool Passes(int status) => status is
        402 or 403 or 404 or 406 or 410 or 413 or 415 or 433 or 480 or 482 or 483 or 484 or 485 or 486 or 488 or 493 or 580
        or 600 or 603 or 604 or 606 or 607 or 608;
}
