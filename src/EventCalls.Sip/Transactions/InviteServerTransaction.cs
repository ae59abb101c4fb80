using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The INVITE server transaction (RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1).</summary>
internal sealed class InviteServerTransaction : ServerTransaction
{
    private long _interval;
    private long _givesUpAt;

    public InviteServerTransaction(TransactionTable table, byte[] key, byte[] mergeKey, SipMessage request, Hop hop)
        : base(table, key, request, hop)
    {
        MergeKey = mergeKey;
        CSeq = request.CSeqNumber;
    }

    internal enum States { Proceeding, Completed, Confirmed, Accepted }

    internal States State { get; private set; }

    /// <summary>Call-ID, From tag and CSeq: the same request by another path is a loop (RFC 3261 §8.2.2.2).</summary>
    public byte[] MergeKey { get; }

    public uint CSeq { get; }

    public IInviteServerUser? User { get; set; }

    /// <summary>Whether a final response has been sent.</summary>
    public bool IsAnswered => State != States.Proceeding;

    public override void ReceiveAgain()
    {
        // In Accepted it is absorbed: the 2xx is the user's to retransmit (RFC 6026 §7.1). In Confirmed there is nothing left to say.
        if (State is States.Proceeding or States.Completed)
            SendLastAgain();
    }

    /// <summary>The ACK of the 2xx came to the user: it will not be sent again, only repetitions of the INVITE are absorbed (RFC 6026 §7.1).</summary>
    public void Acknowledged() => Finish(repeatsLast: false);

    /// <summary>The ACK of a 300–699.</summary>
    public void ReceiveAck()
    {
        if (State != States.Completed)
            return;
        State = States.Confirmed;
        // Timer I absorbs further ACKs; zero on reliable transports.
        if (Hop.IsReliable)
            Terminate();
        else
            Table.Wheel.Schedule(this, Table.Timers.T4);
    }

    protected override void OnSent(int status)
    {
        if (status < 200)
            return;
        ReleaseHead();
        long now = Table.Wheel.Now;
        _givesUpAt = now + Table.Timers.T1x64;
        if (status < 300)
        {
            State = States.Accepted;
            // Timer L.
            Table.Wheel.Schedule(this, Table.Timers.T1x64);
            return;
        }
        State = States.Completed;
        _interval = Table.Timers.T1;
        // Timers G and H.
        Table.Wheel.Schedule(this, Hop.IsReliable ? Table.Timers.T1x64 : _interval);
    }

    protected internal override bool TakeFault(Exception e)
    {
        Terminate();
        if (User is null)
            return false;
        User.OnFault(this, e);
        return true;
    }

    protected internal override void Fire()
    {
        if (State != States.Completed)
        {
            Terminate();
            return;
        }
        if (Table.Wheel.Now >= _givesUpAt)
        {
            Terminate();
            User?.OnRefusalNotAcknowledged(this);
            return;
        }
        SendLastAgain();
        _interval = Math.Min(2 * _interval, Table.Timers.T2);
        Table.Wheel.Schedule(this, Math.Min(_interval, _givesUpAt - Table.Wheel.Now));
    }
}
