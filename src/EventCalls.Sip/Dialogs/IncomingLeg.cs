using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>A leg whose INVITE we received (the UAS, RFC 3261 §13.3).</summary>
public sealed class IncomingLeg : Leg, IInviteServerUser
{
    private readonly InviteServerTransaction _invite;
    private readonly InviteClocks _clocks;
    private Answering? _answering;
    private (int Status, Content? Content, IReadOnlyList<HeaderLine>? Headers) _rung = (183, null, null);
    private readonly bool _inviteHadOffer;
    private bool _byeWhenAcknowledged;
    private long? _reachedAgainAt;
    private IReadOnlyList<HeaderLine>? _byeHeaders;

    internal IncomingLeg(UserAgent agent, ulong id, Dialog dialog, InviteServerTransaction invite, SipMessage message)
        : base(agent, id, dialog)
    {
        _inviteHadOffer = !message.Body.IsEmpty;
        Learn(message);
        _invite = invite;
        invite.User = this;
        State = LegState.Early;
        OnHeard();
        if (invite.Hop.IsReliable)
            agent.Awaits(this, true);
        (_clocks = new InviteClocks(this)).Start(message);
    }

    /// <summary>Who takes the call; null as long as nobody has, and then what is asked within the dialog is refused.</summary>
    public IIncomingLegHandler? Handler { get; set; }

    /// <summary>Whom the caller was taken for when it was admitted; its owner's own affair.</summary>
    public object? AdmittedAs { get; set; }

    private protected override ILegHandler? Owner => Handler;

    /// <inheritdoc />
    public override bool TakesEarlyChange =>
        State == LegState.Early && LocalDescription is not null && PeerTakesUpdate && IsEarlySettled;

    /// <summary>Sends a provisional response, 101–199; while the call is not answered, it is sent again every minute (RFC 3261 §13.3.1.1).</summary>
    public void Ring(int status, Content? content = null, IReadOnlyList<HeaderLine>? headers = null)
    {
        if (State != LegState.Early)
            return;
        _rung = (status, content, headers);
        _clocks.OnRung();
        if (!IsSentByExtension(status, content, headers))
            Send(status, null, content, headers);
    }

    /// <summary>Answers with 200; it is repeated until the ACK comes, and without one the leg ends by BYE.</summary>
    public void Answer(Content? content, IReadOnlyList<HeaderLine>? headers = null)
    {
        if (State != LegState.Early)
            return;
        _clocks.Stop();
        if (IsHeldByExtension(content, headers))
            return;
        Agent.Awaits(this, false);
        Send(200, null, content, headers);
        Describe(content);
        State = LegState.Answered;
        (_answering = new Answering(this, _invite)).Start();
    }

    /// <summary>Sends a final 300–699 and ends the leg; for a 3xx the Contact comes in <paramref name="headers"/>.</summary>
    public void Reject(int status, string? reason = null, IReadOnlyList<HeaderLine>? headers = null)
    {
        if (State != LegState.Early)
            return;
        State = LegState.Ended;
        try
        {
            Send(status, reason, null, headers);
        }
        catch
        {
            // What cannot be written is still a refusal.
            Send(500, null, null, null);
            throw;
        }
        finally
        {
            Close(NoResponse.Ended);
        }
    }

    /// <inheritdoc />
    public override void Bye(IReadOnlyList<HeaderLine>? headers = null)
    {
        switch (State)
        {
            case LegState.Early:
                Reject(480, null, headers);
                break;
            case LegState.Answered:
                // The callee says no BYE before the ACK, or before it gave up waiting for one (RFC 3261 §15).
                _byeWhenAcknowledged = true;
                _byeHeaders = headers;
                break;
            default:
                base.Bye(headers);
                break;
        }
    }

    /// <summary>Sends a provisional response as an extension of the leg has it.</summary>
    internal void SendProvisional(int status, Content? content, IReadOnlyList<HeaderLine>? headers) => Send(status, null, content, headers);

    /// <summary>Sends the last response again, byte by byte.</summary>
    internal void SendProvisionalAgain() => _invite.SendLastAgain();

    /// <summary>The caller does not acknowledge what it was sent: the INVITE is refused, the leg has ended.</summary>
    internal void GiveUp(int status)
    {
        Reject(status);
        Handler?.OnNotAcknowledged(this);
    }

    /// <summary>The minute is over: what was said last is said again, or that it goes on.</summary>
    internal void RingAgain() => Ring(_rung.Status, _rung.Content, _rung.Headers);

    /// <summary>The time is over that the INVITE gave itself: 487 (RFC 3261 §13.3.1).</summary>
    internal void Expire()
    {
        Reject(487);
        Handler?.OnExpired(this);
    }

    /// <inheritdoc />
    internal override void LoseConnection()
    {
        _answering?.Stop();
        if (State != LegState.Early)
        {
            base.LoseConnection();
            return;
        }
        Reject(480);
        Handler?.OnLost(this, NoResponse.TransportError);
    }

    /// <summary>Whether what is said to the caller goes over the connection.</summary>
    internal bool IsHeardOver(Hop hop) => _invite.Hop == hop;

    /// <summary>
    /// The caller's connection is gone before the answer. Where its Via says that it listens it may still be reached, and hears there what it heard last (RFC 3261 §18.2.2);
    /// when that fails, or nobody can connect to it at all, its INVITE has failed for it (§17.1.4), and the call ends.
    /// </summary>
    internal void OnConnectionClosed(Hop hop)
    {
        bool hasFailed = _reachedAgainAt is { } at && Agent.Now - at < Agent.Timers.T1x64;
        if (!hasFailed && !Dialog.IsBoundTo(hop) && _invite.TryReachAgain())
            _reachedAgainAt = Agent.Now;
        else
            LoseConnection();
    }

    private protected override void OnClosing()
    {
        _clocks.Stop();
        Agent.Awaits(this, false);
    }

    void IInviteServerUser.OnRefusalNotAcknowledged(InviteServerTransaction transaction)
    {
        // The leg ended when the refusal was sent.
    }

    void IInviteServerUser.OnFault(InviteServerTransaction transaction, Exception e) => Fail(e);

    void IInviteServerUser.OnCancel(InviteServerTransaction transaction, SipMessage cancel)
    {
        if (State != LegState.Early)
            return;
        State = LegState.Ended;
        Send(487, null, null, null);
        Close(NoResponse.Ended);
        Handler?.OnCancelled(this, cancel);
    }

    private protected override bool IsEnding => State == LegState.Answered && _byeWhenAcknowledged && _answering is { IsScheduled: true };

    private protected override bool HasOffered(SipMessage update) => State == LegState.Answered && !_inviteHadOffer;

    // What is in force before the answer was said reliably (RFC 3262 §5).
    private protected override bool WasOffered => State == LegState.Early && LocalDescription is null;

    private protected override void Abort()
    {
        _answering?.Stop();
        if (State == LegState.Early)
            Reject(500);
        else
            base.Abort();
    }

    private protected override void ReceiveAck(SipMessage ack)
    {
        if (State == LegState.Answered && ack.CSeqNumber == _invite.CSeq)
        {
            _answering?.Stop();
            _invite.Acknowledged();
            Confirm();
            if (_byeWhenAcknowledged)
                base.Bye(_byeHeaders);
            else
                Handler?.OnAcknowledged(this, ack);
            return;
        }
        ReceiveAckOfReInvite(ack);
    }

    private protected override void EndByBye(SipMessage bye)
    {
        if (State == LegState.Early)
        {
            // A BYE before the answer ends the early dialog: the INVITE is answered 487 (RFC 3261 §15.1.2).
            State = LegState.Ended;
            Send(487, null, null, null);
            Close(NoResponse.Ended);
            Handler?.OnBye(this, bye);
            return;
        }
        _answering?.Stop();
        base.EndByBye(bye);
    }

    private void Send(int status, string? reason, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        var writer = _invite.Begin(status, reason, Dialog.LocalTag);
        if (status is > 100 and < 300)
            writer.Raw(Dialog.ContactLine);
        if (status == 405)
            writer.Raw(Agent.Capabilities.AllowWithout(SipMethod.Invite));
        else if (status is >= 200 and < 300)
            writer.Raw(Agent.Capabilities.Allow(inDialog: true));
        AddExtensions(writer, SipMethod.Invite, status);
        writer.Raw(Agent.ServerLine);
        Agent.Finish(writer, content, headers);
        _invite.Send(writer, status);
    }

    private sealed class Answering(IncomingLeg leg, InviteServerTransaction transaction) : AnswerRetransmission(leg, transaction)
    {
        protected override void OnGivenUp()
        {
            leg.State = LegState.Ended;
            leg.SendBye(leg._byeHeaders);
            leg.Close(NoResponse.Timeout);
            leg.Handler?.OnNotAcknowledged(leg);
        }
    }
}
