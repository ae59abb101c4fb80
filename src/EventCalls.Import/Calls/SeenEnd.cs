using EventCalls.Contracts;

namespace EventCalls.Import.Calls;

/// <summary>How a call ended, as far as it was seen.</summary>
/// <param name="At">When, UTC; when the last of it was seen when its end was not.</param>
/// <param name="By">Who ended it.</param>
/// <param name="Cause">Why.</param>
/// <param name="Status">The final status given to a caller who was not answered; null otherwise.</param>
/// <param name="Reason">The Reason of the BYE or CANCEL.</param>
internal sealed record SeenEnd(DateTimeOffset At, CallParty By, CallEndCause Cause, int? Status = null, string? Reason = null)
{
    /// <summary>The status of a refusal that was told by BYE, as the caller was answered; null for any other end.</summary>
    public int? RefusedWith { get; init; }

    /// <summary>Whether it was the caller who went, and with which request.</summary>
    public string? CallerWentBy => By != CallParty.Caller ? null : Cause == CallEndCause.Cancelled ? "CANCEL" : "BYE";

    /// <summary>The end of a call.</summary>
    public static SeenEnd Of(CapturedDialog call, IReadOnlyList<SeenTransfer> transfers)
    {
        var incoming = call.Incoming!;
        if (incoming.HasFailed)
            return OfFailure(incoming);
        if (call.Bye is { } bye)
            return OfBye(call, bye, transfers);
        if (incoming is { CancelledAt: { } cancelledAt, AnsweredAt: null })
            return new SeenEnd(cancelledAt, CallParty.Caller, CallEndCause.Cancelled, null, incoming.CancelReason);
        var last = call.LastAt;
        foreach (var part in call.Parts)
        {
            if (part.LastAt > last)
                last = part.LastAt;
        }
        return new SeenEnd(last, CallParty.System, CallEndCause.NotSeen);
    }

    private static SeenEnd OfFailure(CapturedLeg incoming)
    {
        int status = incoming.FinalStatus;
        var at = incoming.FinalAt!.Value;
        if (incoming.CancelledAt is not null || status == 487)
            return new SeenEnd(at, CallParty.Caller, CallEndCause.Cancelled, status, incoming.CancelReason);
        return new SeenEnd(at, CallParty.System, status < 400 ? CallEndCause.Redirected : CallEndCause.Rejected, status);
    }

    private static SeenEnd OfBye(CapturedDialog call, CapturedBye bye, IReadOnlyList<SeenTransfer> transfers)
    {
        bool isReferred = transfers.Any(t => t.Refer is { HasSucceeded: true } && t.By == Requester.Import);
        if (bye.IsByCaller)
            return new SeenEnd(bye.At, CallParty.Caller, isReferred ? CallEndCause.Transferred : CallEndCause.HungUp, null, bye.Reason);
        bool isProxied = transfers.Any(t => t is { IsProxied: true, Leg.AnsweredAt: not null });
        var target = call.Parts.Where(part => !part.IsDownstream && part.Bye is { IsByCaller: false } its && its.At <= bye.At).Select(part => part.Bye).LastOrDefault();
        if (isProxied || target is not null)
            return new SeenEnd(bye.At, CallParty.Target, CallEndCause.HungUp, null, bye.Reason ?? target?.Reason);
        if (isReferred)
            return new SeenEnd(bye.At, CallParty.System, CallEndCause.Transferred, null, bye.Reason);
        bool isConnected = transfers.Any(t => t.Leg is { AnsweredAt: not null });
        // A refusal that comes when the caller is answered already is told so (RFC 3326).
        if (!isConnected && StatusOf(bye.Reason) is { } status)
            return new SeenEnd(bye.At, CallParty.System, CallEndCause.Rejected, null, bye.Reason) { RefusedWith = status };
        // A BYE that says something is a call given back; one that says nothing is a service that is done with its caller.
        bool isGivenBack = !isConnected && (bye.Reason is not null || bye.CustomHeaders.Count > 0);
        return new SeenEnd(bye.At, CallParty.System, isGivenBack ? CallEndCause.GivenBack : CallEndCause.HungUp, null, bye.Reason);
    }

    private static int? StatusOf(string? reason)
    {
        if (reason is null || !reason.StartsWith("SIP", StringComparison.OrdinalIgnoreCase))
            return null;
        int start = reason.IndexOf("cause=", StringComparison.OrdinalIgnoreCase);
        return start >= 0 && reason.Length >= start + 9 && int.TryParse(reason.AsSpan(start + 6, 3), out int status) && status is >= 400 and <= 699 ? status : null;
    }
}
