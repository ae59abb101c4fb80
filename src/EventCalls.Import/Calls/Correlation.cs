namespace EventCalls.Import.Calls;

/// <summary>Finds the call that another leg belongs to: what a switch sends on has another Call-ID.</summary>
internal sealed class Correlation(Perspective perspective, DialogIndex index)
{
    private static readonly TimeSpan s_referLasts = TimeSpan.FromMinutes(2);

    /// <summary>What was found.</summary>
    /// <param name="Call">The call; null when none fits.</param>
    /// <param name="IsDownstream">Whether the leg did not leave from us.</param>
    /// <param name="Candidates">How many calls fitted equally well, when it cannot be told which it is.</param>
    public readonly record struct Found(CapturedDialog? Call, bool IsDownstream, int Candidates);

    /// <summary>The call that a leg, the first of a new dialog, belongs to.</summary>
    public Found CallOf(string callId, CapturedLeg leg, LegKeys keys)
    {
        if (ReferredFrom(leg) is { } referrer)
            return new Found(referrer, true, 0);
        int ambiguous = 0;
        foreach (string key in keys.Named.Prepend(LegKeys.OfCallId(callId)).Concat(keys.Shared))
        {
            var found = index.Find(key);
            if (found.Count == 0)
                continue;
            var calls = found.Where(d => IsCallOf(d, leg)).ToList();
            if (calls.Count > 1)
                calls = Narrow(calls, leg, LegKeys.IsWeak(key));
            if (calls.Count == 1)
                return new Found(calls[0], false, 0);
            ambiguous = Math.Max(ambiguous, calls.Count);
            if (calls.Count == 0 && found.FirstOrDefault(d => IsDownstreamOf(d, leg)) is { } part)
                return new Found(part.Call ?? part, true, 0);
        }
        return new Found(null, false, ambiguous);
    }

    private static bool IsSince(CapturedDialog dialog, CapturedLeg leg) => !dialog.IsOver || leg.InvitedAt <= dialog.LastAt;

    private bool IsCallOf(CapturedDialog dialog, CapturedLeg leg) =>
        dialog is { Call: null, Incoming: { } incoming, IsForeign: false } && IsSince(dialog, leg) && perspective.IsOutgoing(incoming, leg);

    // A leg from where another leg of the call went to: a target that passes the call on, or a proxy behind ours.
    private bool IsDownstreamOf(CapturedDialog dialog, CapturedLeg leg) =>
        !dialog.IsForeign && IsSince(dialog, leg) && (!perspective.IsGiven || !perspective.IsIncoming(leg))
        && dialog.Legs.Any(other => other != dialog.Incoming && other.Destination != leg.Destination
            && (other.Destination.Address != other.Source.Address ? leg.Source.Address == other.Destination.Address : leg.Source == other.Destination));

    private List<CapturedDialog> Narrow(List<CapturedDialog> calls, CapturedLeg leg, bool isWeak)
    {
        if (!isWeak && LegKeys.OfNumber(leg.Caller) is { } number)
            Keep(call => LegKeys.OfNumber(call.Incoming!.Caller) == number);
        // The same dialled number: a switch that only passes the call on.
        if (calls.Count > 1)
            Keep(call => call.Incoming!.Callee == leg.Callee);
        if (calls.Count > 1)
            Keep(call => !call.IsConnected(perspective) && call.Parts.Count == 0);
        return calls;

        void Keep(Func<CapturedDialog, bool> fits)
        {
            if (calls.Where(fits).ToList() is { Count: > 0 } kept)
                calls = kept;
        }
    }

    private CapturedDialog? ReferredFrom(CapturedLeg leg)
    {
        foreach (var dialog in index.Find(LegKeys.OfUri(leg.RequestUri)))
        {
            foreach (var refer in dialog.Refers)
            {
                if (leg.InvitedAt >= refer.At && leg.InvitedAt - refer.At <= s_referLasts && leg.Source.Address == refer.Destination.Address
                    && LegKeys.OfUri(refer.ReferTo) == LegKeys.OfUri(leg.RequestUri))
                {
                    refer.Leg ??= leg;
                    return dialog.Call ?? dialog;
                }
            }
        }
        if (leg.ReplacesCallId is { } replaced && index.Find(LegKeys.OfCallId(replaced)) is [var replacedDialog, ..])
            return replacedDialog.Call ?? replacedDialog;
        return null;
    }
}
