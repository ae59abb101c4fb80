using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>What the peer asks within the dialog, and what is refused of it before anybody else hears of it.</content>
public abstract partial class Leg
{
    /// <summary>Takes a request with our tag; what throws ends this leg and nothing else.</summary>
    internal void Take(SipMessage message, Hop hop)
    {
        try
        {
            Receive(message, hop);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Receive(SipMessage message, Hop hop)
    {
        OnHeard();
        if (message.Method == SipMethod.Ack)
        {
            ReceiveAck(message);
            return;
        }
        if (!DialogOf(message).TakeRemoteCSeq(message.CSeqNumber))
        {
            Agent.Reply(message, hop, 500, "CSeq Out Of Order");
            return;
        }
        DialogOf(message).HeardFrom(hop);
        if (!Agent.Capabilities.Takes(message.Method, inDialog: true))
        {
            Agent.RefuseMethod(message, hop, inDialog: true);
            return;
        }
        if (Requirements.Refuse(Agent, message, hop))
        {
            // Who says BYE is gone, whatever it is answered (RFC 3261 §15.1.1).
            if (message.Method == SipMethod.Bye)
                EndByBye(message);
            return;
        }
        if (IsRefusedByExtension(message, hop) || IsTakenByExtension(message, hop))
            return;
        switch (message.Method)
        {
            case SipMethod.Bye:
                Agent.Reply(message, hop, 200, null);
                EndByBye(message);
                break;
            case SipMethod.Invite:
                ReceiveInvite(message, hop);
                break;
            case SipMethod.Notify:
                ReceiveNotify(message, hop);
                break;
            case SipMethod.Options:
                Agent.AnswerOptions(message, hop, inDialog: true);
                break;
            case SipMethod.Update when IsUp || State == LegState.Early:
                ReceiveUpdate(message, hop);
                break;
            case SipMethod.Info or SipMethod.Message or SipMethod.Refer when IsUp || State == LegState.Early:
                if (Agent.Accept(message, hop) is { } transaction)
                    Ask(new IncomingRequest(this, transaction, null, message));
                break;
            default:
                Agent.Reply(message, hop, 481, null);
                break;
        }
    }

    private protected abstract void ReceiveAck(SipMessage ack);

    private protected void ReceiveAckOfReInvite(SipMessage ack)
    {
        if (_openInvite is { } open && open.TakeAck(ack))
        {
            _openInvite = null;
            Owner?.OnRequestAcknowledged(this, ack);
        }
    }

    /// <summary>The peer's BYE was answered: the leg ends.</summary>
    private protected virtual void EndByBye(SipMessage bye)
    {
        if (!IsUp)
            return;
        State = LegState.Ended;
        Close(NoResponse.Ended);
        Owner?.OnBye(this, bye);
    }

    private void ReceiveInvite(SipMessage invite, Hop hop)
    {
        if (Agent.AcceptInvite(invite, hop) is not { } transaction)
            return;
        if (!IsUp)
        {
            transaction.Send(481, null, Dialog.LocalTag);
            return;
        }
        // RFC 3261 §14.2: one INVITE at a time, in each direction, and none across an UPDATE's offer.
        if (_sentInvite is not null || _sentUpdate is not null)
        {
            transaction.Send(491, null, Dialog.LocalTag);
            return;
        }
        if (_openInvite is not null || _openUpdate is { HasOffer: true } || State == LegState.Answered)
        {
            RefuseForNow(transaction);
            return;
        }
        Learn(invite);
        TellAsked(invite);
        var request = new IncomingRequest(this, null, transaction, invite);
        transaction.User = request;
        _openInvite = request;
        Ask(request);
    }

    /// <summary>An UPDATE: not before the last one is answered, and with an offer not while another offer waits for its answer (RFC 3311 §5.2).</summary>
    private void ReceiveUpdate(SipMessage update, Hop hop)
    {
        if (Agent.Accept(update, hop) is not { } transaction)
            return;
        bool hasOffer = !update.Body.IsEmpty;
        if (hasOffer && (_sentInvite is not null || _sentUpdate is not null || _openInvite is { HasOffer: false, IsAnswered: true } || HasOffered(update)))
        {
            transaction.Send(491, null, Dialog.LocalTag);
            return;
        }
        if (_openUpdate is not null || (hasOffer && (_openInvite is { IsAnswered: false } || WasOffered)))
        {
            RefuseForNow(transaction);
            return;
        }
        Learn(update);
        TellAsked(update);
        Ask(_openUpdate = new IncomingRequest(this, transaction, null, update));
    }

    /// <summary>Whether the leg's INVITE carried an offer of ours, or our 2xx did, that is not answered yet in the dialog of an UPDATE; a reliable provisional response may have answered it (RFC 3262 §5).</summary>
    private protected abstract bool HasOffered(SipMessage update);

    /// <summary>Whether the peer's INVITE is not answered yet: its offer, or that it wants one.</summary>
    private protected abstract bool WasOffered { get; }

    private void RefuseForNow(ServerTransaction transaction)
    {
        var writer = transaction.Begin(500, null, Dialog.LocalTag);
        // Whoever asked too early comes again at some other time than everybody else.
        writer.Header(HeaderId.RetryAfter, Agent.Random.Next(11));
        writer.NoBody();
        transaction.Send(writer, 500);
    }

    private void Ask(IncomingRequest request)
    {
        try
        {
            if (Owner is { } owner)
                owner.OnRequest(this, request);
            else
                request.Respond(488);
        }
        catch
        {
            request.Respond(500);
            throw;
        }
    }

    private void ReceiveNotify(SipMessage notify, Hop hop)
    {
        if (Agent.Accept(notify, hop) is not { } transaction)
            return;
        var request = new IncomingRequest(this, transaction, null, notify);
        for (int i = _usages.Count - 1; i >= 0; i--)
        {
            if (_usages[i].TryTakeNotify(notify, request))
                return;
        }
        request.Respond(481, "Subscription Does Not Exist");
    }
}
