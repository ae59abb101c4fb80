using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>A request of ours within a dialog.</summary>
public sealed class OutgoingRequest : IClientTransactionUser
{
    private const int MaxRetries = 4;

    private readonly Dialog _dialog;
    private Content? _content;
    private readonly IReadOnlyList<HeaderLine>? _headers;
    private readonly IRequestHandler? _handler;
    private readonly Authorizations? _authorizations;
    private ClientTransaction? _transaction;
    private Retry? _retry;
    private CancelWait? _cancelWait;
    private bool _heardProvisional;
    private PooledBytes _ack;
    private AuthorizationTries _tries;
    private List<HeaderLine>? _authorization;
    private uint _cseq;
    private int _retries;
    private bool _settled;
    private bool _deferAck;

    internal OutgoingRequest(Leg leg, SipMethod method, Content? content, IReadOnlyList<HeaderLine>? headers, IRequestHandler? handler, Authorizations? authorizations)
    {
        Leg = leg;
        _dialog = leg.PresentDialog;
        Method = method;
        _content = content;
        _headers = headers;
        _handler = handler;
        _authorizations = authorizations;
    }

    /// <summary>The method.</summary>
    public SipMethod Method { get; }

    /// <summary>The leg it was sent on.</summary>
    public Leg Leg { get; }

    /// <summary>Its CSeq number, the last one when it was sent more than once.</summary>
    public uint CSeq => _cseq;

    /// <summary>Within <see cref="IRequestHandler.OnResponse"/> of a 2xx to a re-INVITE: the ACK will be sent by <see cref="Ack"/>.</summary>
    public void DeferAck() => _deferAck = true;

    /// <summary>Sends the ACK of a re-INVITE's 2xx, with the answer to the offer it carried.</summary>
    public void Ack(Content? content)
    {
        _ack.Set(Leg.Agent.SendAck(Leg.Dialog, _cseq, content, _authorization));
        Leg.Describe(content);
        _deferAck = false;
    }

    /// <summary>
    /// Gives a re-INVITE up: a CANCEL as soon as something provisional was heard (RFC 3261 §9.1). What the peer answers is reported as ever, mostly 487;
    /// without an answer for 64·T1, <see cref="IRequestHandler.OnNoResponse"/> with <see cref="NoResponse.Ended"/>.
    /// </summary>
    public void Cancel()
    {
        if (_settled || Method != SipMethod.Invite || _cancelWait is not null)
            return;
        _cancelWait = new CancelWait(this);
        if (_retry is { IsScheduled: true })
            GiveUp();
        else if (_heardProvisional)
            SendCancel();
    }

    internal bool RetriesGlare { get; init; } = true;

    internal Func<Content, Content>? Renew { get; init; }

    /// <summary>Sends the ACK of a 2xx that is being looked at, unless that is to bring something.</summary>
    internal void AckIfDue()
    {
        if (!_deferAck && _ack.IsEmpty)
            Ack(null);
    }

    internal void Send()
    {
        Leg.AcknowledgeDue();
        var agent = Leg.Agent;
        var dialog = _dialog;
        dialog.SettleHop(agent.Output);
        _heardProvisional = false;
        _cseq = Leg.NextCSeq(dialog);
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(branch);
        var writer = agent.Table.Writer;
        dialog.Begin(writer, Method, _cseq, branch, agent.UserAgentLine);
        if (Method is SipMethod.Invite or SipMethod.Update)
            writer.Raw(agent.Capabilities.Allow(inDialog: true));
        Leg.AddExtensions(writer, Method);
        _authorization = _authorizations?.Of(Method, dialog.RequestUri, _content);
        UserAgent.Write(writer, _authorization);
        agent.Finish(writer, _content, _headers);
        _transaction = Method == SipMethod.Invite
            ? agent.Table.Add<ClientTransaction>(new InviteClientTransaction(agent.Table, id, dialog.Hop, this))
            : agent.Table.Add<ClientTransaction>(new NonInviteClientTransaction(agent.Table, id, Method, dialog.Hop, this));
        _transaction.Start(writer.Written);
    }

    /// <summary>The leg ended: what is still waited for will not come.</summary>
    internal void Abandon(NoResponse why)
    {
        _retry?.Stop();
        _transaction?.Forget();
        Settle();
        _handler?.OnNoResponse(this, why);
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipMessage response)
    {
        Leg.OnHeard();
        int status = response.StatusCode;
        if (transaction != _transaction)
            return;
        if (_settled)
        {
            AcknowledgeLate(response);
            return;
        }
        if (status < 200 && !_heardProvisional)
        {
            _heardProvisional = true;
            if (_cancelWait is not null)
                SendCancel();
        }
        if (status == 100)
            return;
        if (status < 200)
        {
            _handler?.OnResponse(this, response);
            return;
        }
        if (status is 401 or 407 && _cancelWait is null && TryAuthenticate(response))
            return;
        if (status >= 300 && Method is SipMethod.Invite or SipMethod.Update && _cancelWait is null && Leg.Retries(response))
        {
            Send();
            return;
        }
        if (status == 491 && RetriesGlare && _cancelWait is null && Method == SipMethod.Invite && Leg.State == LegState.Confirmed && _retries++ < MaxRetries)
        {
            // Meanwhile the peer's own re-INVITE is let through.
            Leg.OnSettled(this);
            Leg.Waits(this);
            (_retry ??= new Retry(this)).Start();
            return;
        }
        Settle();
        if (status < 300 && Method is SipMethod.Invite or SipMethod.Update)
        {
            Leg.Learn(response);
            _dialog.RefreshTarget(response);
            Leg.Describe(_content);
            Leg.TellAnswered(response);
        }
        bool needsAck = status < 300 && Method == SipMethod.Invite;
        if (needsAck)
            Leg.Unacknowledged = this;
        try
        {
            _handler?.OnResponse(this, response);
        }
        finally
        {
            if (needsAck)
            {
                Leg.Unacknowledged = null;
                AckIfDue();
            }
        }
        // RFC 3261 §12.2.1.2, RFC 5057 §5.1: the peer has forgotten the dialog, whatever it was asked. A REFER is its handler's to judge, and a NOTIFY's 481 is
        // about its subscription alone (RFC 6665 §4.2.2).
        if ((status == 481 && Method is not (SipMethod.Bye or SipMethod.Refer or SipMethod.Notify)) || (status == 408 && Method is SipMethod.Invite or SipMethod.Update))
            Leg.Lose(NoResponse.Timeout);
    }

    void IClientTransactionUser.OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
        if (_settled)
            return;
        Settle();
        _handler?.OnNoResponse(this, why);
        if (Method is SipMethod.Invite or SipMethod.Update)
            Leg.Lose(why);
    }

    void IClientTransactionUser.OnFault(ClientTransaction transaction, Exception e)
    {
        Settle();
        Leg.Fail(e);
    }

    internal bool IsGivenUp => _settled;

    private void Settle()
    {
        _settled = true;
        Leg.Agent.Wheel.CancelIfAny(_cancelWait);
        Leg.OnSettled(this);
    }

    private void SendCancel()
    {
        var agent = Leg.Agent;
        var cancel = agent.Table.WriteCancel(_transaction!.Request, null);
        agent.Table.Add(new NonInviteClientTransaction(agent.Table, _transaction.Id, SipMethod.Cancel, _transaction.Hop, SilentUser.Instance)).Start(cancel);
        agent.Wheel.Schedule(_cancelWait!, agent.Timers.T1x64);
    }

    private void GiveUp()
    {
        _retry?.Stop();
        _transaction?.Forget();
        Settle();
        _handler?.OnNoResponse(this, NoResponse.Ended);
    }

    private void AcknowledgeLate(SipMessage response)
    {
        if (Method != SipMethod.Invite || response.StatusCode is < 200 or >= 300 || _deferAck)
            return;
        if (_ack.IsEmpty)
            Ack(null);
        else
            Leg.Agent.Output.Send(Leg.Dialog.Hop, _ack.Span);
    }

    private bool TryAuthenticate(SipMessage response)
    {
        if (_authorizations?.Take(response, ref _tries) != true)
            return false;
        Send();
        return true;
    }

    /// <summary>A peer that never ends a cancelled re-INVITE is given 64·T1.</summary>
    private sealed class CancelWait(OutgoingRequest request) : WheelTimer
    {
        protected internal override void Fire() => request.GiveUp();

        protected internal override bool TakeFault(Exception e)
        {
            request.Leg.Fail(e);
            return true;
        }
    }

    private sealed class Retry(OutgoingRequest request) : WheelTimer
    {
        public void Start() => request.Leg.Agent.Wheel.Schedule(this, request.Leg.GlarePause());

        public void Stop() => request.Leg.Agent.Wheel.Cancel(this);

        protected internal override bool TakeFault(Exception e)
        {
            request.Settle();
            request.Leg.Fail(e);
            return true;
        }

        protected internal override void Fire()
        {
            if (!request.Leg.TryOpen(request))
            {
                Start();
                return;
            }
            if (request.Renew is { } renew && request._content is { } offer)
                request._content = renew(offer);
            request.Send();
        }
    }
}
