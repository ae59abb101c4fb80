using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6).</summary>
internal sealed class NonInviteClientTransaction(TransactionTable table, ulong id, SipMethod method, Hop hop, IClientTransactionUser user)
    : ClientTransaction(table, id, method, hop, user)
{
    internal enum States { Trying, Proceeding, Completed }

    internal States State { get; private set; }

    protected override bool IsWaiting => State != States.Completed;

    public override void Receive(SipMessage response)
    {
        if (State == States.Completed)
            return;
        if (response.StatusCode < 200)
        {
            State = States.Proceeding;
            User.OnResponse(this, response);
            return;
        }
        State = States.Completed;
        if (Hop.IsReliable)
        {
            // Timer K is zero (§17.1.2.2); the user is told last, it may start the next transaction.
            Terminate();
        }
        else
        {
            ReleaseRequest();
            Table.Wheel.Schedule(this, Timers.T4);
        }
        User.OnResponse(this, response);
    }

    /// <summary>Timers E and F, or K.</summary>
    protected internal override void Fire()
    {
        if (State == States.Completed)
        {
            Terminate();
            return;
        }
        if (Table.Wheel.Now >= GivesUpAt)
        {
            TimeOut();
            return;
        }
        Interval = State == States.Proceeding ? Timers.T2 : Math.Min(2 * Interval, Timers.T2);
        Retransmit();
    }
}
