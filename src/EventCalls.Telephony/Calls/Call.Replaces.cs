using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <content>Two calls joined, and a side that another leg takes the place of (RFC 3891).</content>
internal sealed partial class Call
{
    /// <summary>The side whose leg it is, and the one that it is connected to; null when the two do not talk, or something is done with them already.</summary>
    public (CallSide Own, CallSide Other)? SidesBy(Leg leg)
    {
        if (_phase != CallPhase.Connected || IsAskedToRefer || _flow is not null || Bridge is not { Peer: { IsConfirmed: true } peer } || !Kept.IsConfirmed)
            return null;
        return leg == Kept.Leg ? (Kept, peer) : leg == peer.Leg ? (peer, Kept) : null;
    }

    /// <summary>One of the two took a session of somebody it is not connected to after all: it is offered that of the other one again, whoever is called next, or put on hold where there is none.</summary>
    public void OfferAgain(Leg leg)
    {
        if (Bridge is not { Peer: var peer } || _phase >= CallPhase.Leaving)
        {
            if (leg == Kept.Leg)
                HoldKept();
            return;
        }
        var (own, other) = leg == Kept.Leg ? (Kept, peer) : (peer, Kept);
        if (leg == own.Leg && own.IsConfirmed && other.Session.Described is { } before)
            own.Session.Offer(own.Leg, before, other.Session, null);
    }

    /// <summary>One of the two is connected with another call's side now, and belongs to that call: this one ends, and its other leg hears BYE.</summary>
    public void GiveAway(CallSide side, Call to)
    {
        if (Kept == side)
            Turn();
        GiveMedia(side.Session, to);
        Bridge = null;
        End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Transferred });
    }

    /// <summary>An INVITE is to take the place of one of the two who talk.</summary>
    public void OnReplaced(Leg replaced, IncomingLeg leg, SipMessage invite, string replaces, Trunk? trunk)
    {
        if (SidesBy(replaced) is not var (own, _))
        {
            leg.Reject(491);
            return;
        }
        if (_begun >= Shard.Options.MaxHandoffs)
        {
            leg.Reject(480);
            return;
        }
        leg.BelongsTo(Id);
        // The Contact of another shard is this node's own, and says nothing.
        string uri = trunk is null && NameAddr.TryParse(invite.From, out var from) ? SipText.Get(from.Uri) : leg.RemoteTarget;
        if (Kept == own)
            Turn();
        var handoff = Stream.Stamp(Stream.Last, new HandoffRequested
        {
            Node = Shard.Options.Node,
            // Of an id of its own: a decision may be under way because of the last event.
            HandoffId = EventIds.Handoff(Stream.CallId, Stream.NewId()),
            Steps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = uri, Replaces = replaces }],
            RequestedBy = own.Name == CallerName ? Requester.Caller : Requester.Target,
        });
        _handoffs.Add(handoff.HandoffId);
        Stream.Append(handoff);
        Begin(handoff, new Arrival(leg, uri, Content.Of(invite), trunk, own.Name));
    }
}
