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
        // Timer J: zero on reliable transports (§17.2.2).
        if (Hop.IsReliable)
            Terminate();
        else
            Finish(repeatsLast: true);
    }

    protected internal override void Fire()
    {
        // Trying and Proceeding have no timer.
    }
}
