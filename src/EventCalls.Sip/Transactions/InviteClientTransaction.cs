using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The INVITE client transaction (RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2).</summary>
internal sealed class InviteClientTransaction(TransactionTable table, ulong id, Hop hop, IClientTransactionUser user)
    : ClientTransaction(table, id, SipMethod.Invite, hop, user)
{
    private PooledBytes _ack;
    private bool _isForgotten;

    internal enum States { Calling, Proceeding, Completed, Accepted }

    internal States State { get; private set; }

    public override bool IsUnheard => State == States.Calling;

    protected override bool IsWaiting => State is States.Calling or States.Proceeding;

    public override void Receive(SipMessage response)
    {
        int status = response.StatusCode;
        switch (State)
        {
            case States.Calling or States.Proceeding when status < 200:
                // Nobody waits for one that is forgotten: that it rings on, or begins to, does not keep it.
                if (!_isForgotten)
                    Table.Wheel.Cancel(this);
                else if (State == States.Calling)
                    Table.Wheel.Schedule(this, Timers.T1x64);
                State = States.Proceeding;
                User.OnResponse(this, response);
                break;
            case States.Calling or States.Proceeding when status < 300:
                State = States.Accepted;
                // Timer M: retransmitted and forked 2xx still reach the user (RFC 6026 §8.4).
                Table.Wheel.Schedule(this, Timers.T1x64);
                User.OnResponse(this, response);
                break;
            case States.Accepted when status is >= 200 and < 300:
                User.OnResponse(this, response);
                break;
            case States.Calling or States.Proceeding:
                State = States.Completed;
                _ack.Set(Table.WriteAckOfRefusal(Request, response));
                Table.Output.Send(Hop, _ack.Span);
                if (Hop.IsReliable)
                {
                    Terminate();
                }
                else
                {
                    ReleaseRequest();
                    Table.Wheel.Schedule(this, Timers.D);
                }
                User.OnResponse(this, response);
                // Only the ACK is still owed; the call need not be held for it.
                User = SilentUser.Instance;
                break;
            case States.Completed when status >= 300:
                Table.Output.Send(Hop, _ack.Span);
                break;
        }
    }

    public override void Forget()
    {
        _isForgotten = true;
        // A peer that said something provisional and then nothing more would keep it for ever (RFC 3261 §9.1 gives it 64·T1).
        if (State == States.Proceeding)
            Table.Wheel.Schedule(this, Timers.T1x64);
    }

    /// <summary>Timers A and B, or D, or M; in Proceeding that of a transaction which nobody waits for any more.</summary>
    protected internal override void Fire()
    {
        if (State != States.Calling)
        {
            Terminate();
            return;
        }
        if (TryFallBack())
            return;
        if (Table.Wheel.Now >= GivesUpAt)
        {
            TimeOut();
            return;
        }
        Interval *= 2;
        Retransmit();
    }

    protected internal override void Terminate()
    {
        base.Terminate();
        _ack.Release();
    }
}
