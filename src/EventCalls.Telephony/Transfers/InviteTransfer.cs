using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Replaces;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Transfers;

/// <summary>Dials the target on a leg of its own and, when it answers, connects the caller to it.</summary>
/// <remarks>
/// A caller who is not answered yet gets the target's ringing, early media and answer. One who is answered already is offered
/// the target's session by re-INVITE once the target has answered (RFC 3725 §4).
/// </remarks>
internal sealed partial class InviteTransfer(Call call, HandoffRun run) : TransferAttempt(call, run), IOutgoingLegHandler
{
    private readonly LegSession _session = new();
    private InviteTarget _target = null!;
    private CallerId _callerId = null!;
    private IReadOnlyList<HeaderLine> _added = [];
    private OutgoingLeg? _leg;
    private Content? _offer;
    private Content? _description;
    private SipEvidence? _answer;
    private string? _answeredBy;
    private byte[]? _earlyTag;
    private ServerAddress _server;
    private Hop? _hop;
    private Hop? _inside;
    private long _ringsUntil;
    private bool _ackIsDeferred;
    private bool _waitsForAck;
    private bool _isConnected;
    private bool _isChangedEarly;
    private RingTimer? _ring;
    private OfferPause? _pause;

    private bool HasAnotherAddress => Run.HasUntried || Run.Redirects.HasMore || (!IsRedirected && Run.HasAnotherPlace(_target.Trunk));

    private bool IsRedirected => Run.Redirects.Current is not null;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Headers = Step.SipHeaders;
        sent.Trunk = Step.OutboundEndpoint;
        sent.Target = Step.PhoneNumber ?? "";
        sent.CallerId = Step.OutboundCallerId;
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.Replaces is { } replaces && (ReplacesHeader.Parse(replaces) is null || !SipText.IsSafeHeaderValue(replaces)))
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the dialog to take the place of is not written as 'Call-ID;to-tag=…;from-tag=…'");
        if (Step.RingTimeoutSeconds is < 1 or > 600)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, $"the ring timeout of {Step.RingTimeoutSeconds} s is not from 1 to 600 s");
        if (Step.Media is not (null or HandoffFields.Anchor or HandoffFields.Direct or HandoffFields.Rtpengine))
            return SipEvidence.Local(LocalEvidence.InvalidTarget, $"the media is '{CustomHeaders.Shown(Step.Media)}', and {HandoffFields.Anchor}, {HandoffFields.Direct} or {HandoffFields.Rtpengine} is possible");
        // Of a call on another shard only that one knows whether the dialog is there: it is called as anybody else's call would be.
        _inside = Shard.ElsewhereOf(Step.Replaces) is { } shard ? Shard.Output.HopInside(shard.Number, Call.Kept.Leg.Hop) : null;
        if ((_inside is { } inside ? InviteTarget.OfInside(inside, out var noTarget)
            : Run.Redirects.Current is { } contact ? InviteTarget.OfContact(contact, Step, Run.PlaceOf, Shard.Trunks, out noTarget)
            : InviteTarget.Of(Step, Run.PlaceOf, Shard.Trunks, out noTarget)) is not { } target)
            return LeadsNowhere(noTarget!);
        var callerId = Call.CallerIdFor(Step.OutboundCallerId, out string? whyNot);
        if (callerId is null)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, whyNot);
        _target = target;
        _callerId = callerId;
        sent.Trunk = target.Trunk?.Name;
        sent.Target = _inside is null ? target.RequestUri : Step.PhoneNumber ?? "";
        sent.CallerId = callerId.Shown;
        _added = AddedHeaders();
        sent.Headers = [.. Step.SipHeaders, .. _added.Select(h => new SipHeader(h.Name, h.Value))];
        return _inside is null ? WhyNotAllowed(target.Address.EndPoint?.Address) : null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        if (_inside is { } inside)
        {
            _server = new ServerAddress(inside.Protocol, inside.Remote);
            DialBy(inside);
            return;
        }
        if (_target.Address.EndPoint is { } known)
        {
            Dial(new ServerAddress(_target.Address.Protocol, known));
            return;
        }
        if (Run.HasUntried)
        {
            DialNext();
            return;
        }
        // The resolver always reports, so no timer is needed meanwhile.
        Shard.Resolver.Resolve(_target.Address.Query!, new Resolution(this));
    }

    /// <inheritdoc />
    protected override void StopTimers()
    {
        _ring?.Stop();
        _pause?.Stop();
    }

    /// <inheritdoc />
    public override void OnCallerAcknowledged(SipMessage ack)
    {
        if (IsOver || !_waitsForAck)
            return;
        _waitsForAck = false;
        OfferToCaller();
    }

    /// <inheritdoc />
    protected override void Withdraw(string? reason)
    {
        Call.LetGo(_session);
        if (_leg is not { } leg)
            return;
        if (leg.State is LegState.Calling or LegState.Early)
        {
            leg.Cancel(ReasonHeader.Passed(reason));
        }
        else
        {
            leg.Bye(ReasonHeader.Passed(reason));
        }
    }

    /// <inheritdoc />
    public override void Release()
    {
        // Something threw when the target had answered and the caller was not yet connected to it.
        if (!_isConnected)
            Withdraw(null);
    }

    /// <summary>Lets a caller who is not answered yet hear how far it is: 180–183, with early media as received.</summary>
    private void PassProgress(SipMessage response)
    {
        var description = Content.Of(response);
        if (description is not null)
        {
            // A caller has one dialog with us: of several forks only the first one's early media can be its answer (RFC 3261 §13.2.1).
            _earlyTag ??= response.ToTag.ToArray();
            if (!response.ToTag.SequenceEqual(_earlyTag))
                return;
            _description = description;
            _session.Describe(description);
        }
        int status = response.StatusCode;
        if (status is not (>= 180 and <= 183) || Call.Caller.State != LegState.Early)
            return;
        if (description is null)
            Call.Caller.Ring(status);
        else
            Call.Session.Tell(description, _session, isOffer: _offer is null, (told, _) =>
            {
                if (!IsOver)
                    Call.Caller.Ring(status, told);
            });
    }

    /// <summary>What the INVITE of a REFER says of it: who refers (RFC 3892 §2.2), and which dialog of the target's the call takes the place of (RFC 3891 §5).</summary>
    private List<HeaderLine> AddedHeaders()
    {
        var added = new List<HeaderLine>();
        if (Call.ReferredBy(Run) is { } by && SipText.IsSafeHeaderValue(by))
            added.Add(new HeaderLine("Referred-By", by));
        if (Step.Replaces is { } replaces)
            added.Add(new HeaderLine("Replaces", replaces));
        if (_target.Trunk is { } trunk)
        {
            Retargeting.AddTo(added, Step.SipHeaders, Call, trunk.Diversion, [_target.RequestUri], Run.Attempt);
            if (trunk.PassesIdentity && !Step.SipHeaders.Any(h => h.Name.Equals("Identity", StringComparison.OrdinalIgnoreCase)))
                added.AddRange(Retargeting.Received(Call, HeaderId.Identity).Select(value => new HeaderLine("Identity", value)));
            added.AddRange(trunk.Passed.Of(Call.Started.Headers, Step.SipHeaders, Shard.Trunks.TokenHeaders));
        }
        return added;
    }

    private void Connect(Content? adjusted)
    {
        var leg = _leg!;
        Complete(_answer!, _answeredBy);
        Call.OnBridged(new CallSide(leg, _session, "target", _target.Trunk, Target), Step, _ackIsDeferred);
        _isConnected = true;
        if (adjusted is not null)
            _session.Offer(leg, adjusted, Call.Session, null);
    }

    void IOutgoingLegHandler.OnProgress(OutgoingLeg leg, SipMessage response)
    {
        if (IsOver)
            return;
        Shard.Servers.Answered(_server);
        if (response.StatusCode >= 180)
            PostDialDelay ??= Shard.Agent.Now - SentAt;
        Progress("response", response.StatusCode, SipText.Get(response.StartLine));
        PassProgress(response);
    }

    void IOutgoingLegHandler.OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        if (IsOver)
        {
            leg.Bye();
            return;
        }
        _leg = leg;
        Shard.Servers.Answered(_server);
        _ring?.Stop();
        PostDialDelay ??= Shard.Agent.Now - SentAt;
        _answer = Evidence.OfResponse(response);
        _answeredBy = ReceivedFacts.AnsweredBy(response);
        // Early media of another fork is not this one's answer; and what was changed since stands, whatever the 200 repeats (RFC 3261 §13.2.1).
        bool isEarlyOne = _earlyTag is not null && response.ToTag.SequenceEqual(_earlyTag);
        bool stands = _isChangedEarly && isEarlyOne;
        _description = stands ? _description : Content.Of(response) ?? (isEarlyOne ? _description : null);
        _session.Describe(_description);
        Call.RecordAnswer("target", StartedId, Run.Request.HandoffId);
        string? whyNot = stands ? null : _offer is null ? (_description is null ? "there is no offer in it, and none was made" : null) : SessionText.WhyNotAnswer(_offer, _description);
        whyNot ??= _session.Media?.WhyNot;
        if (whyNot is not null)
        {
            // The leg is up at the target: it is acknowledged and ended (RFC 3261 §13.2.2.4).
            Fail(SipEvidence.Local(LocalEvidence.AnswerNotUsable, whyNot));
            return;
        }
        if (_offer is null)
        {
            leg.DeferAck();
            _ackIsDeferred = true;
        }
        if (Call.IsCallerAnswered)
        {
            OfferToCaller();
            return;
        }
        // A caller that was told a description reliably has its answer: another one is offered to it when it is connected (RFC 3261 §13.2.1).
        bool isTold = Call.Caller.LocalDescription is not null;
        if (isTold && _description is not null && !IsAsTold(Call.Caller.LocalDescription!, _description))
        {
            Call.AnswerCaller(null, StartedId, Run.Request.HandoffId);
            OfferToCaller();
            return;
        }
        if (isTold || _description is null)
            AnswerAndConnect(isTold ? Call.Caller.LocalDescription : null);
        else
            Call.Session.Tell(_description, _session, isOffer: _offer is null, (told, whyNot) =>
            {
                if (told is null)
                    NotWritten(whyNot);
                else if (!IsOver)
                    AnswerAndConnect(told);
            });
    }

    void IOutgoingLegHandler.OnFailed(OutgoingLeg leg, SipMessage response)
    {
        if (IsOver)
            return;
        if (response.StatusCode == 503)
            Shard.Servers.Failed(_server, RetryAfter.SecondsOf(response));
        else
            Shard.Servers.Answered(_server);
        int status = response.StatusCode;
        if (status is 300 or 301 or 302)
            Run.Redirects.TryFollow(_target.RequestUri, RedirectContacts.Of(response), _target.Trunk?.FollowRedirects ?? 0);
        bool another = status == 503 && HasAnotherAddress;
        if (!another && Run.Redirects.HasMore && status < 600)
        {
            // It is heard from: its other addresses are it again, and what is left is where we were sent.
            Run.GiveUpServers();
            another = true;
        }
        Fail(Evidence.OfResponse(response), another);
    }

    void IOutgoingLegHandler.OnNoResponse(OutgoingLeg leg, NoResponse why)
    {
        if (IsOver)
            return;
        if (why != NoResponse.Ended)
            Shard.Servers.Failed(_server);
        Fail(EvidenceOf(why), HasAnotherAddress);
    }

    void ILegHandler.OnBye(Leg leg, SipMessage bye) => OnTargetGone(SipEvidence.OfRequest(LocalEvidence.TargetGone, "BYE", ReceivedFacts.Text(bye, HeaderId.Reason)));

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnTargetGone(SipEvidence.Local(LocalEvidence.TargetGone, "silent"));

    void ILegHandler.OnFault(Leg leg, Exception e)
    {
        if (IsLetGo)
            Call.LogFault(e);
        else
            Call.OnFault(e);
    }

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request)
    {
        bool changesSession = request.Method is SipMethod.Invite || (request.Method is SipMethod.Update && !request.Message.Body.IsEmpty);
        if (changesSession && IsAgreedEarly && ((OutgoingLeg)leg).IsAnsweredEarlyBy(request.Message.FromTag))
        {
            EarlyChange.Pass(request, _session, Call.Caller, Call.Session, (offer, _) => OnChangedEarly(offer));
            return;
        }
        // The target may not change a session that the caller has not got yet (RFC 3311 §5.2).
        PassedRequest.RespondAlone(Call, leg, request, changesSession);
    }

    /// <inheritdoc />
    public override bool TryChangeEarly(IncomingRequest request)
    {
        if (request.Method != SipMethod.Update || Call.Caller.LocalDescription is null)
            return false;
        EarlyChange.Pass(request, Call.Session, IsAgreedEarly ? _leg : null, _session, (_, answer) => OnChangedEarly(answer));
        return true;
    }

    /// <summary>Whether caller and target have agreed on a session before the answer: what the caller was told reliably is what one early dialog of the target's answered.</summary>
    private bool IsAgreedEarly =>
        !IsOver && Call.Caller is { State: LegState.Early, LocalDescription: not null } && _leg is { State: LegState.Early } leg && _earlyTag is not null && leg.IsAnsweredEarlyBy(_earlyTag);

    private void OnChangedEarly(Content? description)
    {
        _description = description ?? _description;
        _isChangedEarly = true;
    }

    private void OnTargetGone(SipEvidence evidence)
    {
        if (IsOver)
            return;
        _leg = null;
        Fail(evidence);
    }
}
