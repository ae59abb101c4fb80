using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <summary>One call from its INVITE to its end: decides nothing, carries out what is decided, and records all of it.</summary>
/// <remarks>
/// It belongs to its shard's thread. How far it is says its <see cref="CallPhase"/>; what leads from one to the next stands in
/// <c>Call.Phases.cs</c>, and the end, which any of them leads to, in <c>Call.Ending.cs</c>.
/// </remarks>
internal sealed partial class Call
{
    private const string CallerName = "caller";
    private const string TargetName = "target";

    private readonly List<Guid> _handoffs = [];
    private readonly long _invitedAt;
    private long? _answeredAt;

    /// <summary>A call of a received INVITE; nothing is recorded or sent yet.</summary>
    public Call(CallShard shard, IncomingLeg caller, Trunk trunk, SipMessage invite, IReadOnlyList<IdentityCheck>? identity)
    {
        Shard = shard;
        Caller = caller;
        Trunk = trunk;
        // A trunk may challenge what we ask of its own calls too: the hold, the REFER, the BYE.
        caller.Credentials = trunk.Credentials;
        Id = CallIds.New(shard.Time.GetUtcNow(), shard.Number);
        caller.BelongsTo(Id);
        Stream = new CallStream(Id, shard.Journal, shard.Time);
        MaxForwards = invite.MaxForwards < 0 ? 70 : invite.MaxForwards;
        var session = new LegSession { OfferIsDelayed = invite.Body.IsEmpty };
        session.Describe(Content.Of(invite));
        session.Leg = caller;
        Identity = CallerIdentity.Of(invite);
        _invitedAt = shard.Agent.Now;
        Started = Stream.Stamp(Guid.Empty, new CallStarted
        {
            Node = shard.Options.Node,
            Trunk = trunk.Name,
            Transport = caller.Hop.Protocol.Name(),
            RemoteEndPoint = caller.Hop.Remote.ToString(),
            SipCallId = caller.CallId,
            RequestUri = SipText.Get(invite.RequestUri),
            CallerNumber = Numbers.Caller(invite),
            CalleeNumber = Numbers.Callee(invite),
            Headers = ReceivedHeaders.Copy(invite, static (name, value) => new SipHeader(name, value), shard.Trunks.TokenHeaders),
            OfferedMedia = ReceivedHeaders.SessionDescription(invite),
            Identity = identity,
        });
        Kept = new CallSide(caller, session, CallerName, trunk, Started.CallerNumber);
    }

    /// <summary>The call's id.</summary>
    public Guid Id { get; }

    /// <summary>The shard it lives on.</summary>
    public CallShard Shard { get; }

    /// <summary>The trunk it came in on.</summary>
    public Trunk Trunk { get; }

    /// <summary>The caller's leg.</summary>
    public IncomingLeg Caller { get; }

    /// <summary>The side that handoffs move: the caller, unless the caller had itself the other one connected with somebody else.</summary>
    public CallSide Kept { get; private set; }

    /// <summary>The session of the side that is kept.</summary>
    public LegSession Session => Kept.Session;

    /// <summary>Who calls.</summary>
    public CallerIdentity Identity { get; }

    /// <summary>Where its events go.</summary>
    public CallStream Stream { get; }

    /// <summary>Its first event.</summary>
    public CallStarted Started { get; }

    /// <summary>The caller's Max-Forwards; what we dial gets one less.</summary>
    public int MaxForwards { get; }

    /// <summary>What the last failed attempt heard; null as long as none failed.</summary>
    public SipEvidence? LastFailure { get; private set; }

    /// <summary>Whom the kept side is connected to; null when there is nobody.</summary>
    public Bridge? Bridge { get; private set; }

    /// <summary>Whether the end is decided, so that no further attempt is made.</summary>
    public bool IsEnding => _phase >= CallPhase.Ending;

    /// <summary>Whether it is over, and only what is to be said of it may still be to come.</summary>
    public bool IsOver => _phase == CallPhase.Over;

    /// <summary>Whether the caller's INVITE has been answered with 200 and the leg lives.</summary>
    public bool IsCallerAnswered => Kept.Leg.State is LegState.Answered or LegState.Confirmed;

    /// <summary>Something threw, on a leg, in a timer or in posted work: the call ends, the others go on.</summary>
    public void OnFault(Exception e)
    {
        Shard.Logger.LogError(e, "The call {Call} could not go on", Id);
        End(CallEnding.OfError);
    }

    /// <summary>Something threw on a leg that the call has let go of: the call is not touched.</summary>
    public void LogFault(Exception e) => Shard.Logger.LogError(e, "A leg that the call {Call} had let go of could not be ended in order", Id);

    private SipEvidence? WhyRefused(HandoffRequested handoff)
    {
        bool isDecision = handoff.RequestedBy != Requester.Api;
        if (handoff.Steps.Count == 0)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the handoff has no steps");
        // While the routers are asked for a command, only what they say to that counts.
        bool isTimely = _flow is { } asked ? handoff.Selected?.CausationId == asked.EventId : IsAwaitingDecision || _refer?.HandoffId == handoff.HandoffId;
        if (isDecision && !isTimely)
            return SipEvidence.Local(LocalEvidence.DecidedTooLate);
        if (_phase is CallPhase.HandingOff or CallPhase.Leaving)
            return SipEvidence.Local(LocalEvidence.HandoffInProgress);
        if (_begun >= Shard.Options.MaxHandoffs)
            return SipEvidence.Local(LocalEvidence.TooManyHandoffs);
        return null;
    }

    private void Refuse(HandoffRequested handoff, SipEvidence evidence)
    {
        var method = handoff.Steps.Count > 0 ? handoff.Steps[0].Method : HandoffMethod.Reject;
        var failed = Stream.Stamp(handoff.EventId, new TransferFailed
        {
            HandoffId = handoff.HandoffId,
            Attempt = 1,
            Method = method,
            Outcome = TransferOutcomes.Derive(method, evidence),
            Evidence = evidence,
            Final = true,
        });
        Stream.Append(failed);
        TellFailure(handoff.HandoffId, failed);
    }
}
