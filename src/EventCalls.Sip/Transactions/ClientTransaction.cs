using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>What the two client transactions share: the request, its hop and the table they live in (RFC 3261 §17.1).</summary>
/// <remarks>The transaction is its own timer: the retransmission and the time-out share one place on the wheel, the earlier first.</remarks>
internal abstract class ClientTransaction(TransactionTable table, ulong id, SipMethod method, Hop hop, IClientTransactionUser user) : WheelTimer
{
    private PooledBytes _request;

    /// <summary>The branch's id.</summary>
    public ulong Id { get; } = id;

    public SipMethod Method { get; } = method;

    public Hop Hop { get; } = hop;

    public bool IsTerminated { get; private set; }

    protected TransactionTable Table { get; } = table;

    /// <summary>Who hears of responses; changed when that is somebody smaller than the one who sent the request.</summary>
    public IClientTransactionUser User { get; set; } = user;

    protected SipTimers Timers => Table.Timers;

    /// <summary>The interval to the next retransmission, milliseconds.</summary>
    protected long Interval { get; set; }

    /// <summary>When the transaction gives up, on the wheel's clock.</summary>
    protected long GivesUpAt { get; set; }

    /// <summary>The request as it was sent.</summary>
    public ReadOnlySpan<byte> Request => _request.Span;

    /// <summary>Sends the request and starts the timers.</summary>
    public void Start(ReadOnlySpan<byte> request)
    {
        _request.Set(request);
        GivesUpAt = Table.Wheel.Now + Timers.T1x64;
        Interval = Timers.T1;
        Table.Wheel.Schedule(this, Hop.IsReliable ? Timers.T1x64 : Interval);
        Table.Output.Send(Hop, request);
    }

    /// <summary>A response whose branch and method are this transaction's.</summary>
    public abstract void Receive(SipMessage response);

    /// <summary>The transport can't deliver: the user is told, the transaction is over (RFC 3261 §17.1.4).</summary>
    public void FailTransport(NoResponse why = NoResponse.TransportError)
    {
        if (IsTerminated)
            return;
        bool waiting = IsWaiting;
        Terminate();
        if (!waiting)
            return;
        try
        {
            User.OnNoResponse(this, why);
        }
        catch (Exception e)
        {
            User.OnFault(this, e);
        }
    }

    /// <summary>Whether nothing at all has been heard.</summary>
    public abstract bool IsUnheard { get; }

    /// <summary>Whether the user still waits for a final response.</summary>
    protected abstract bool IsWaiting { get; }

    /// <summary>The user has no more interest in it: it ends by itself, also when nothing comes any more.</summary>
    public virtual void Forget()
    {
    }

    /// <summary>Takes a response; what throws ends what the request belongs to and nothing else.</summary>
    public void Take(SipMessage response)
    {
        try
        {
            Receive(response);
        }
        catch (Exception e)
        {
            User.OnFault(this, e);
        }
    }

    protected internal override bool TakeFault(Exception e)
    {
        // Its timer is gone, so nothing else would end it.
        Terminate();
        User.OnFault(this, e);
        return true;
    }

    protected void Retransmit()
    {
        Table.Retransmissions++;
        Table.Output.Send(Hop, _request.Span);
        Table.Wheel.Schedule(this, Math.Min(Interval, GivesUpAt - Table.Wheel.Now));
    }

    protected void TimeOut()
    {
        Terminate();
        User.OnNoResponse(this, NoResponse.Timeout);
    }

    protected void ReleaseRequest() => _request.Release();

    protected internal virtual void Terminate()
    {
        if (IsTerminated)
            return;
        IsTerminated = true;
        Table.Wheel.Cancel(this);
        Table.Remove(this);
        _request.Release();
    }
}
