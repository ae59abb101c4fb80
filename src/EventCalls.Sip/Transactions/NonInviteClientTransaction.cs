using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6).</summary>
internal sealed class NonInviteClientTransaction(TransactionTable table, ulong id, SipMethod method, Hop hop, IClientTransactionUser user)
    : ClientTransaction(table, id, method, hop, user)
{
    internal enum States { Trying, Proceeding }

    internal States State { get; private set; }

    public override bool IsUnheard => State == States.Trying;

    protected override bool IsWaiting => true;

    public override void Receive(SipMessage response)
    {
        if (response.StatusCode < 200)
        {
            State = States.Proceeding;
            User.OnResponse(this, response);
            return;
        }
        // Timer K (§17.1.2.2) would only absorb repeated responses; they find no transaction now, which absorbs them as well.
        // The user is told last: it may start the next transaction.
        Terminate();
        User.OnResponse(this, response);
    }

    /// <summary>Timers E and F.</summary>
    protected internal override void Fire()
    {
        if (TryFallBack())
            return;
        if (Table.Wheel.Now >= GivesUpAt)
        {
            TimeOut();
            return;
        }
        Interval = State == States.Proceeding ? Timers.T2 : Math.Min(2 * Interval, Timers.T2);
        Retransmit();
    }
}
