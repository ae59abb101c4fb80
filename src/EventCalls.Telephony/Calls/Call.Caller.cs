using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>The caller's leg, or the one that is kept in its place: what it asks, and what it is told.</content>
internal sealed partial class Call : IIncomingLegHandler
{
    private const int MostDigits = 1_000;

    private long _sessionId;
    private int _digits;

    /// <summary>Our URI towards the caller: the dialled number at this node.</summary>
    public string LocalUri =>
        Started.CalleeNumber.Length > 0 ? $"sip:{TargetAddress.AsUser(Started.CalleeNumber)}@{Caller.Hop.LocalHost}" : $"sip:{Caller.Hop.LocalHost}";

    /// <summary>Answers the caller with a description that keeps it on hold; false when its offer cannot be answered.</summary>
    public bool AnswerOnHold(Guid cause, Guid? handoffId, Handoff? step = null)
    {
        AnchorAlone(step);
        if (HoldFor(Session.OfferIsDelayed ? null : Session.Described) is not { } hold)
            return false;
        AnswerCaller(hold, cause, handoffId);
        if (Session.OfferIsDelayed)
            _onceAnswered = PlayHold;
        else
            PlayHold();
        return true;
    }

    /// <summary>Answers the caller.</summary>
    public void AnswerCaller(Content? content, Guid cause, Guid? handoffId)
    {
        RecordAnswer("caller", cause, handoffId);
        _answeredAt = Shard.Agent.Now;
        Caller.Answer(content);
    }

    /// <summary>Records that a leg was answered.</summary>
    public void RecordAnswer(string leg, Guid cause, Guid? handoffId) => Stream.Append(cause, new CallAnswered { Leg = leg, HandoffId = handoffId });

    /// <summary>What a target is offered: the caller's session; null when the target is to make the offer.</summary>
    public Content? OfferForTarget()
    {
        if (!IsCallerAnswered)
            return Session.Described;
        return Session.Described is { } described ? SessionText.Activated(described) : null;
    }

    /// <summary>The caller id a target is shown: what logic asks for, else the caller's own; null with the reason when it is not valid.</summary>
    public CallerId? CallerIdFor(string? asked, out string? whyNot)
    {
        whyNot = null;
        if (asked is not { Length: > 0 })
            return Kept.Leg != Caller && CallerId.Of(Kept.Uri, out _) is { } kept ? kept : CallerId.OfCaller(Identity);
        var id = CallerId.Of(asked, out whyNot);
        // Logic that passes the caller's number on means the caller, and whether that wants to be shown is its own affair.
        return id is not null && Identity.Hides(id.Text) ? CallerId.OfCaller(Identity) : id;
    }

    /// <summary>A number or URI of logic as a whole URI, for others to dial; null with the evidence when it cannot be sent.</summary>
    /// <remarks>A number or name is completed with the host of the endpoint named, else of the caller's trunk, else of where the caller's INVITE came from.</remarks>
    public string? CompleteUri(string text, string? endpoint, bool mayBeName, out SipEvidence? refusal)
    {
        refusal = null;
        bool isNumber = DialledNumber.TryParse(text, out var number);
        if (!isNumber && !(mayBeName && TargetAddress.IsUser(text)))
            return TargetAddress.IsSipUri(text, isDialledHere: false, out string? whyNot) ? Named(text, mayBeName, isGiven: true, out refusal) : Invalid(whyNot, mayBeName, out refusal);
        string user = isNumber ? number.User : text;
        string phone = isNumber && number.NeedsUserPhone ? ";user=phone" : "";
        var trunk = Kept.Trunk ?? Trunk;
        if (endpoint is { Length: > 0 })
        {
            if (Shard.Trunks.ByName(endpoint) is not { IsOutbound: true } named)
                return Invalid($"there is no outbound endpoint '{CustomHeaders.Shown(endpoint)}'", mayBeName, out refusal);
            trunk = named;
        }
        var hop = Kept.Leg.Hop;
        string uri = trunk.IsOutbound ? trunk.Addresses[0].UriOf(user) + phone : $"sip:{user}@{hop.RemoteHost}:{hop.Remote.Port}{hop.Protocol.UriParameter()}{phone}";
        return Named(uri, mayBeName, isGiven: false, out refusal);
    }

    private static string? Invalid(string? whyNot, bool isIdentity, out SipEvidence? refusal)
    {
        refusal = SipEvidence.Local(LocalEvidence.InvalidTarget, whyNot, isIdentity ? null : NoTarget.NotFound);
        return null;
    }

    private string? Named(string uri, bool isIdentity, bool isGiven, out SipEvidence? refusal)
    {
        // Who refers is not dialled by anybody.
        string? whyNot = isIdentity ? null : (isGiven ? Shard.ReferTargets?.WhyNot(uri) : Shard.ReferTargets?.WhyNotNumber(uri)) ?? Shard.Targets.WhyNotByEndpoint(uri, Kept.Trunk ?? Trunk);
        refusal = whyNot is null ? null : SipEvidence.Local(LocalEvidence.TargetNotAllowed, whyNot);
        return refusal is null ? uri : null;
    }

    void IIncomingLegHandler.OnCancelled(IncomingLeg leg, SipMessage cancel) =>
        OnCallerGone("CANCEL", new CallEnding { By = CallParty.Caller, Cause = CallEndCause.Cancelled, Status = 487, Reason = ReceivedFacts.Text(cancel, HeaderId.Reason) });

    void ILegHandler.OnBye(Leg leg, SipMessage bye)
    {
        var cause = _phase == CallPhase.Leaving ? CallEndCause.Transferred : _answeredAt is null ? CallEndCause.Cancelled : CallEndCause.HungUp;
        var by = Kept.Name == CallerName ? CallParty.Caller : CallParty.Target;
        OnCallerGone("BYE", new CallEnding { By = by, Cause = cause, Status = 487, Reason = ReceivedFacts.Text(bye, HeaderId.Reason) });
    }

    void IIncomingLegHandler.OnNotAcknowledged(IncomingLeg leg) => OnCallerSilent(CallEndCause.PeerSilent, "no ACK or PRACK");

    void IIncomingLegHandler.OnExpired(IncomingLeg leg) =>
        OnCallerGone("Expires", new CallEnding { By = CallParty.Caller, Cause = CallEndCause.Cancelled, Status = 487 });

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnCallerSilent(CallEnding.CauseOf(why), why == NoResponse.Expired ? "the session expired" : "no answer");

    void ILegHandler.OnFault(Leg leg, Exception e) => OnFault(e);

    void IIncomingLegHandler.OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
        if (_phase == CallPhase.Over)
            return;
        TakeAnswer(Content.Of(ack));
        Bridge?.OnCallerAcknowledged(ack);
        _run?.Current?.OnCallerAcknowledged(ack);
    }

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request)
    {
        if (_phase == CallPhase.Over)
        {
            request.Respond(481);
            return;
        }
        if (Bridge is { } bridge)
            bridge.FromKept(request);
        else
            RespondOnHold(request);
    }

    void ILegHandler.OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        if (_phase == CallPhase.Over)
            return;
        if (Bridge is { } bridge)
            bridge.FromKeptAcknowledged(ack);
        else
            TakeAnswer(Content.Of(ack));
    }

    /// <summary>A caller who is connected to nobody changes its session: it stays on hold, as it described it.</summary>
    /// <remarks>Some phones put the call on hold before they carry out a REFER, and report nothing unless that is answered.</remarks>
    private void RespondOnHold(IncomingRequest request)
    {
        var content = Content.Of(request.Message);
        bool changes = PassedRequest.ChangesSession(request.Method, content);
        if (!changes || !IsCallerAnswered)
        {
            if (changes && _run?.Current is { IsOver: false } attempt && attempt.TryChangeEarly(request))
                return;
            PassedRequest.RespondAlone(this, Kept.Leg, request, isUntimely: changes);
            return;
        }
        if (_hold is { } engine && (content is null || SessionText.Is(content)))
        {
            RespondAt(engine, request, content);
            return;
        }
        var before = Session.Described;
        // What it is answered hangs on what it offers now: its keys, its formats.
        Session.Describe(content);
        if (HoldFor(content) is not { } hold)
        {
            Session.TakeBack(content, before);
            request.Respond(488);
            return;
        }
        request.Respond(200, null, hold);
    }

    /// <summary>Records the digit that an INFO carries; false when it carries none.</summary>
    public bool HearDigit(Leg from, IncomingRequest request)
    {
        if (request.Method != SipMethod.Info || !InfoDigits.TryRead(request.Message, out string digit, out int? durationMs))
            return false;
        RecordDigit(NameOf(from), digit, durationMs);
        return true;
    }

    private void RecordDigit(string leg, string digit, int? durationMs)
    {
        if (_digits == MostDigits)
            Shard.Logger.LogWarning("The call {Call} has had {Digits} digits; further ones are passed on and not recorded", Id, MostDigits);
        if (_digits++ < MostDigits)
            Stream.Append(Started.EventId, IsWithheld(durationMs) ? new DtmfReceived { Leg = leg, Digit = DtmfReceived.Withheld } : new DtmfReceived { Leg = leg, Digit = digit, DurationMs = durationMs });
    }

    private string NameOf(Leg leg) => leg == Kept.Leg ? Kept.Name : Bridge?.Peer is { } peer && leg == peer.Leg ? peer.Name : TargetName;

    private Content? HoldFor(Content? offer)
    {
        string address = Kept.Leg.Hop.SessionAddress.ToString();
        return offer is null ? Session.HoldOffer(address, SessionNumber) : Session.Hold(SessionText.In(offer), address, SessionNumber);
    }

    private long SessionNumber => _sessionId == 0 ? (_sessionId = 1 + Shard.Agent.Random.Next(int.MaxValue)) : _sessionId;
}
