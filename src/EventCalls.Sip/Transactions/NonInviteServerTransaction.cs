using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8).</summary>
internal sealed class NonInviteServerTransaction(TransactionTable table, byte[] key, SipMessage request, Hop hop)
    : ServerTransaction(table, key, request, hop)
{
    internal enum States { Trying, Proceeding, Completed }

    internal States State { get; private set; }

    public override void ReceiveAgain()
    {
        if (State != States.Trying)
            SendLastAgain();
    }

    protected override void OnSent(int status)
    {
        if (status < 200)
        {
            State = States.Proceeding;
            return;
        }
        State = States.Completed;
        ReleaseHead();
        // Timer J: zero on reliable transports (§17.2.2).
        if (Hop.IsReliable)
            Terminate();
        else
            Table.Wheel.Schedule(this, Table.Timers.T1x64);
    }

    /// <summary>Timer J.</summary>
    protected internal override void Fire() => Terminate();
}
