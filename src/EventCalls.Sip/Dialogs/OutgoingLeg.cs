using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>A leg whose INVITE we sent (the UAC, RFC 3261 §13.2).</summary>
public sealed class OutgoingLeg : Leg, IClientTransactionUser
{
    private readonly OutgoingInvite _out;
    private readonly Dialog _calling;
    private readonly List<Dialog> _early = [];
    private readonly List<Dialog> _answeredEarly = [];
    private ClientTransaction? _invite;
    private LateAnswers? _late;
    private IOutgoingLegHandler? _inviter;
    private CancelWait? _cancelWait;
    private IReadOnlyList<HeaderLine>? _cancelHeaders;
    private AuthorizationTries _tries;
    private List<HeaderLine>? _authorization;
    private uint _cseq;
    private bool _cancelled;
    private bool _heardProvisional;
    private bool _deferAck;

    internal OutgoingLeg(UserAgent agent, ulong id, Dialog dialog, IOutgoingLegHandler handler, OutgoingInvite invite)
        : base(agent, id, dialog)
    {
        _out = invite;
        _inviter = handler;
        Handler = handler;
        _calling = dialog;
        State = LegState.Calling;
        Credentials = invite.Credentials;
        foreach (var extension in invite.Extensions)
            Use(extension);
    }

    /// <summary>Who hears what happens within the dialog: who called, or whom the answered leg was given to.</summary>
    public ILegHandler Handler { get; set; }

    private protected override ILegHandler Owner => Handler;

    /// <summary>Whether any response to the INVITE came, be it a 100.</summary>
    public bool WasHeard { get; private set; }

    /// <summary>
    /// Gives the INVITE up. The CANCEL waits for a provisional response (RFC 3261 §9.1); a 2xx that crosses it is acknowledged and ended by BYE.
    /// <see cref="IOutgoingLegHandler.OnFailed"/> (mostly 487) or <see cref="IOutgoingLegHandler.OnNoResponse"/> follows.
    /// </summary>
    public void Cancel(IReadOnlyList<HeaderLine>? headers = null)
    {
        if (_cancelled || State is not (LegState.Calling or LegState.Early))
            return;
        _cancelled = true;
        _cancelHeaders = headers;
        if (_heardProvisional)
            SendCancel();
    }

    /// <summary>Within <see cref="IOutgoingLegHandler.OnAnswered"/>: the ACK will be sent by <see cref="Ack"/>.</summary>
    public void DeferAck() => _deferAck = true;

    /// <summary>Sends the ACK of the 2xx, with the answer to the offer it carried.</summary>
    public void Ack(Content? content)
    {
        if (_late is null || _invite!.User == _late)
            return;
        _deferAck = false;
        Describe(content);
        _late.Acknowledge(Agent.SendAck(Dialog, _cseq, content, _authorization));
        _invite.User = _late;
        if (State == LegState.Answered)
            Confirm();
    }

    /// <inheritdoc />
    public override void Bye(IReadOnlyList<HeaderLine>? headers = null)
    {
        if (State is LegState.Calling or LegState.Early)
        {
            Cancel(headers);
            return;
        }
        if (State == LegState.Answered)
            Ack(null);
        base.Bye(headers);
    }

    /// <inheritdoc />
    public override bool TakesEarlyChange => State == LegState.Early && _answeredEarly.Count == 1 && PeerTakesUpdate;

    private bool IsCalling => State is LegState.Calling or LegState.Early;

    /// <summary>Whether the peer's tag is that of the early dialog in which <see cref="TakesEarlyChange"/> holds.</summary>
    public bool IsAnsweredEarlyBy(ReadOnlySpan<byte> tag) => _answeredEarly is [var only] && tag.SequenceEqual(only.RemoteTag);

    /// <summary>The early dialog of a reliable provisional response (RFC 3261 §12.1.2).</summary>
    internal Dialog EstablishEarly(SipMessage response)
    {
        var dialog = _calling.Establish(response);
        _early.Add(dialog);
        return dialog;
    }

    /// <summary>A reliable provisional response of an early dialog is acknowledged: what it describes is the answer to our offer (RFC 3262 §5).</summary>
    internal void OnReliable(Dialog dialog, SipMessage response)
    {
        Learn(response);
        if (_out.Content is null || response.Body.IsEmpty || _answeredEarly.Contains(dialog))
            return;
        _answeredEarly.Add(dialog);
        Describe(_out.Content);
    }

    /// <summary>The next CSeq number on the leg; forks share them, so that none is used twice in whichever of them is answered.</summary>
    internal override uint NextCSeq(Dialog dialog) => (IsCalling ? _calling : dialog).NextCSeq();

    internal override void AcknowledgeDue()
    {
        base.AcknowledgeDue();
        if (State == LegState.Answered && !_deferAck)
            Ack(null);
    }

    internal override Dialog PresentDialog => !IsCalling ? Dialog : _answeredEarly is [var only] ? only : _early is [.., var last] ? last : Dialog;

    internal override Dialog DialogOf(SipMessage request)
    {
        if (!IsCalling)
            return Dialog;
        foreach (var early in _early)
        {
            if (request.FromTag.SequenceEqual(early.RemoteTag))
                return early;
        }
        return Dialog;
    }

    internal void Send()
    {
        _cseq = _calling.NextCSeq();
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = Agent.Table.Ids.Next(branch);
        var writer = Agent.Table.Writer;
        _calling.Begin(writer, SipMethod.Invite, _cseq, branch, Agent.UserAgentLine);
        writer.Raw(Agent.Capabilities.Allow(inDialog: true));
        AddExtensions(writer, SipMethod.Invite);
        _authorization = Authorizations?.Of(SipMethod.Invite, _calling.RequestUri, _out.Content);
        UserAgent.Write(writer, _authorization);
        Agent.Finish(writer, _out.Content, _out.Headers);
        _invite = Agent.Table.Add<ClientTransaction>(new InviteClientTransaction(Agent.Table, id, _calling.Hop, this));
        _invite.Start(writer.Written);
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (transaction != _invite)
            return;
        OnHeard();
        WasHeard = true;
        int status = response.StatusCode;
        if (status < 200)
            ReceiveProvisional(response);
        else if (status < 300)
            ReceiveAnswer(response);
        else if (State is LegState.Calling or LegState.Early)
            ReceiveRefusal(response);
    }

    void IClientTransactionUser.OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
        if (transaction != _invite || State is not (LegState.Calling or LegState.Early))
            return;
        End();
        _inviter?.OnNoResponse(this, why);
    }

    bool IClientTransactionUser.IsWanted => !_cancelled;

    bool IClientTransactionUser.EndsUnreachable => State == LegState.Calling;

    void IClientTransactionUser.OnFault(ClientTransaction transaction, Exception e) => Fail(e);

    private protected override bool IsEnding =>
        _cancelled && State is LegState.Calling or LegState.Early && (_heardProvisional ? _cancelWait is { IsScheduled: true } : !_invite!.IsTerminated);

    private protected override bool HasOffered(SipMessage update) => IsCalling && !_answeredEarly.Exists(d => update.FromTag.SequenceEqual(d.RemoteTag));

    private protected override bool WasOffered => State == LegState.Answered && _out.Content is null;

    private protected override void Abort()
    {
        if (State is not (LegState.Calling or LegState.Early))
        {
            base.Abort();
            return;
        }
        if (!_cancelled && _heardProvisional)
            SendCancel();
        End();
        _invite?.Forget();
    }

    private protected override void ReceiveAck(SipMessage ack) => ReceiveAckOfReInvite(ack);

    private void ReceiveProvisional(SipMessage response)
    {
        if (State is not (LegState.Calling or LegState.Early))
            return;
        bool first = !_heardProvisional;
        _heardProvisional = true;
        if (_cancelled)
        {
            if (first)
                SendCancel();
            return;
        }
        if (response.StatusCode == 100)
            return;
        State = LegState.Early;
        if (IsTakenByExtensions(response))
            _inviter?.OnProgress(this, response);
    }

    private void ReceiveAnswer(SipMessage response)
    {
        if (State is LegState.Calling or LegState.Early)
        {
            Dialog = _calling.Establish(response);
            Learn(response);
            _late = new LateAnswers(Agent, _calling, Dialog, _cseq) { Authorization = _authorization, Authorizations = Authorizations };
            Agent.Wheel.CancelIfAny(_cancelWait);
            State = LegState.Answered;
            Describe(_out.Content);
            TellAnswered(response);
            // The INVITE is decided: the leg may outlive whoever sent it.
            var inviter = _inviter;
            _inviter = null;
            if (_cancelled)
            {
                // The 2xx crossed the CANCEL: the call that nobody wants any more is taken and ended (RFC 3261 §9.1).
                Bye(_cancelHeaders);
                inviter?.OnNoResponse(this, NoResponse.Ended);
                return;
            }
            inviter?.OnAnswered(this, response);
            if (!_deferAck)
                Ack(null);
            return;
        }
        _late?.OnResponse(_invite!, response);
    }

    private void ReceiveRefusal(SipMessage response)
    {
        if (response.StatusCode is 401 or 407 && !_cancelled && TryAuthenticate(response))
            return;
        if (!_cancelled && Retries(response))
        {
            SendAgain();
            return;
        }
        End();
        _inviter?.OnFailed(this, response);
    }

    private bool TryAuthenticate(SipMessage response)
    {
        if (Authorizations?.Take(response, ref _tries) != true)
            return false;
        SendAgain();
        return true;
    }

    private void SendAgain()
    {
        _heardProvisional = false;
        Send();
    }

    private void SendCancel()
    {
        if (_invite!.IsTerminated)
            return;
        var cancel = Agent.Table.WriteCancel(_invite!.Request, _cancelHeaders);
        var transaction = Agent.Table.Add(new NonInviteClientTransaction(Agent.Table, _invite.Id, SipMethod.Cancel, _invite.Hop, SilentUser.Instance));
        transaction.Start(cancel);
        // A peer that never ends the cancelled INVITE is given 64·T1 (RFC 3261 §9.1).
        Agent.Wheel.Schedule(_cancelWait = new CancelWait(this), Agent.Timers.T1x64);
    }

    private void End()
    {
        State = LegState.Ended;
        Agent.Wheel.CancelIfAny(_cancelWait);
        Close(NoResponse.Ended);
    }

    private sealed class CancelWait(OutgoingLeg leg) : WheelTimer
    {
        protected internal override bool TakeFault(Exception e)
        {
            leg.Fail(e);
            return true;
        }

        protected internal override void Fire()
        {
            if (leg.State is not (LegState.Calling or LegState.Early))
                return;
            leg._invite!.Terminate();
            leg.End();
            leg._inviter?.OnNoResponse(leg, NoResponse.Timeout);
        }
    }
}
