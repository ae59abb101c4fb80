using EventCalls.Contracts;

namespace EventCalls.Import.Calls;

/// <summary>Somebody was to be connected to somebody else: by an INVITE of ours, or by a REFER.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Leg">The INVITE; null for a REFER.</param>
/// <param name="Refer">The REFER; null for an INVITE.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="IsProxied">Whether the INVITE is the caller's own, passed on.</param>
internal sealed record SeenTransfer(DateTimeOffset At, CapturedLeg? Leg, CapturedRefer? Refer, Requester By, bool IsProxied)
{
    /// <summary>The transfers of a call, in order.</summary>
    public static List<SeenTransfer> Of(CapturedDialog call, Perspective perspective)
    {
        var incoming = call.Incoming!;
        var transfers = new List<SeenTransfer>();
        bool isProxied = false;
        foreach (var leg in call.Legs)
        {
            if (leg == incoming || !perspective.IsOutgoing(incoming, leg))
                continue;
            isProxied = true;
            transfers.Add(new SeenTransfer(leg.InvitedAt, leg, null, Requester.Import, true));
        }
        // Who answered a call that was only passed on is the target, not us.
        Add(call, call.CallerTag, Requester.Caller, isProxied ? Requester.Target : Requester.Import);
        foreach (var part in call.Parts)
        {
            if (part.IsDownstream)
                continue;
            for (int i = 0; i < part.Legs.Count; i++)
            {
                if (i == 0 || perspective.IsOutgoing(incoming, part.Legs[i]))
                    transfers.Add(new SeenTransfer(part.Legs[i].InvitedAt, part.Legs[i], null, Requester.Import, false));
            }
            Add(part, part.CallerTag, Requester.Import, Requester.Target);
        }
        return [.. transfers.OrderBy(t => t.At)];

        void Add(CapturedDialog dialog, string callerTag, Requester byCaller, Requester byOther)
        {
            foreach (var refer in dialog.Refers)
                transfers.Add(new SeenTransfer(refer.At, null, refer, refer.SenderTag == callerTag ? byCaller : byOther, false));
        }
    }
}
