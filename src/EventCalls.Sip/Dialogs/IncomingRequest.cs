using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>A request received within a dialog, to be answered once.</summary>
public sealed class IncomingRequest : IInviteServerUser
{
    private readonly NonInviteServerTransaction? _transaction;
    private readonly InviteServerTransaction? _invite;
    private readonly Dialog _dialog;
    private readonly bool _refreshes;
    private readonly SipMessage? _message;
    private ReInviteAnswer? _answer;

    internal IncomingRequest(Leg leg, NonInviteServerTransaction? transaction, InviteServerTransaction? invite, SipMessage message)
    {
        Leg = leg;
        _dialog = leg.DialogOf(message);
        _transaction = transaction;
        _invite = invite;
        _message = message;
        Method = message.Method;
        HasOffer = !message.Body.IsEmpty;
        _refreshes = Method is SipMethod.Invite or SipMethod.Update;
        if (_refreshes)
            _dialog.RefreshTarget(message);
    }

    /// <summary>The request's method.</summary>
    public SipMethod Method { get; }

    /// <summary>The leg it came on.</summary>
    public Leg Leg { get; }

    /// <summary>The request; valid only while it is being handed over.</summary>
    public SipMessage Message => _message!;

    /// <summary>Called when a CANCEL comes before the final response, which is then still to be sent; null: 487 is sent at once.</summary>
    public Action? WhenCancelled { get; set; }

    internal bool HasOffer { get; }

    /// <summary>Whether a final response was sent.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Sends a response; after a final one nothing more is sent. A 2xx to a re-INVITE is repeated until its ACK.</summary>
    public void Respond(int status, string? reason = null, Content? content = null, IReadOnlyList<HeaderLine>? headers = null)
    {
        if (IsAnswered)
            return;
        try
        {
            Send(status, reason, content, headers);
        }
        catch when (status >= 200)
        {
            // What cannot be written is answered all the same: nobody is left waiting.
            Send(500, null, null, null);
            throw;
        }
    }

    private void Send(int status, string? reason, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        ServerTransaction transaction = (ServerTransaction?)_invite ?? _transaction!;
        var writer = transaction.Begin(status, reason, Leg.Dialog.LocalTag);
        // A REFER's 2xx has one too: it makes a subscription (RFC 3515 §2.2).
        if ((_refreshes || Method == SipMethod.Refer) && status < 300)
            writer.Raw(_dialog.ContactLine);
        if (status is 405 or 501)
            writer.Raw(Leg.Agent.Capabilities.AllowWithout(Method));
        else if (_refreshes && status is >= 200 and < 300)
            writer.Raw(Leg.Agent.Capabilities.Allow(inDialog: true));
        if (_refreshes)
            Leg.AddExtensions(writer, Method, status);
        writer.Raw(Leg.Agent.ServerLine);
        Leg.Agent.Finish(writer, content, headers);
        transaction.Send(writer, status);
        IsAnswered = status >= 200;
        if (status < 200)
            return;
        if (_refreshes && status < 300)
            Leg.Describe(content);
        if (_invite is not null && status < 300)
            (_answer = new ReInviteAnswer(this, _invite)).Start();
        else
            Leg.OnAnswered(this);
    }

    /// <summary>The leg ended: an open request is answered 487, and a 2xx that waits for its ACK is not repeated any more.</summary>
    internal void Close()
    {
        Respond(487);
        _answer?.Stop();
    }

    internal bool TakeAck(SipMessage ack)
    {
        if (_answer is null || _invite is null || ack.CSeqNumber != _invite.CSeq)
            return false;
        _answer.Stop();
        _invite.Acknowledged();
        return true;
    }

    void IInviteServerUser.OnRefusalNotAcknowledged(InviteServerTransaction transaction)
    {
        // The peer asked for a change and got a no: the session goes on as it was.
    }

    void IInviteServerUser.OnFault(InviteServerTransaction transaction, Exception e) => Leg.Fail(e);

    void IInviteServerUser.OnCancel(InviteServerTransaction transaction, SipMessage cancel)
    {
        if (WhenCancelled is { } cancelled)
            cancelled();
        else
            Respond(487);
    }

    private sealed class ReInviteAnswer(IncomingRequest request, InviteServerTransaction transaction)
        : AnswerRetransmission(request.Leg, transaction)
    {
        protected override void OnGivenUp()
        {
            request.Leg.OnAnswered(request);
            // RFC 3261 §14.2: no ACK for the 2xx of a re-INVITE ends the dialog.
            request.Leg.Lose(NoResponse.Timeout);
        }
    }
}
