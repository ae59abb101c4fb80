using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>What the two client transactions share: the request, its hop and the table they live in (RFC 3261 §17.1).</summary>
/// <remarks>The transaction is its own timer: the retransmission and the time-out share one place on the wheel, the earlier first.</remarks>
internal abstract class ClientTransaction(TransactionTable table, ulong id, SipMethod method, Hop hop, IClientTransactionUser user) : WheelTimer
{
    private PooledBytes _request;
    private LargeRequest? _large;

    /// <summary>The branch's id.</summary>
    public ulong Id { get; } = id;

    public SipMethod Method { get; } = method;

    /// <summary>Where it goes; for a request too large for a datagram a connection to the same peer, as long as that works (RFC 3261 §18.1.1).</summary>
    public Hop Hop { get; private set; } = hop;

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
        if (request.Length > LargeRequest.MostBytes && Table.LargeRequests?.TryMove(Hop, Table) is { } stream)
        {
            _large = new LargeRequest(Hop, stream);
            Hop = stream;
            request = LargeRequest.Rewrite(request, _large.Datagrams, stream);
        }
        _request.Set(request);
        Begin();
    }

    private void Begin()
    {
        GivesUpAt = Table.Wheel.Now + Timers.T1x64;
        Interval = Timers.T1;
        Table.Wheel.Schedule(this, _large is not null ? LargeRequest.SilenceInT1 * Timers.T1 : Hop.IsReliable ? Timers.T1x64 : Interval);
        Table.Output.Send(Hop, _request.Span);
    }

    /// <summary>Sends a request that was moved to a connection as a datagram after all; false when it was not, or something was heard of it.</summary>
    protected bool TryFallBack()
    {
        if (_large is not { } large || IsTerminated || !IsUnheard || !User.IsWanted)
            return false;
        _large = null;
        Table.LargeRequests?.Failed(large.Datagrams, Table.Wheel.Now);
        Hop = large.Datagrams;
        _request.Set(LargeRequest.Rewrite(_request.Span, large.Stream, large.Datagrams));
        Begin();
        return true;
    }

    /// <summary>A response whose branch and method are this transaction's.</summary>
    public abstract void Receive(SipMessage response);

    /// <summary>The transport can't deliver: the user is told, the transaction is over (RFC 3261 §17.1.4).</summary>
    public void FailTransport(NoResponse why = NoResponse.TransportError)
    {
        if (IsTerminated || TryFallBack())
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
        if (Hop.IsReliable)
        {
            // Only the wait for a first word on a connection ended: nothing is repeated there (RFC 3261 §17.1.1.2, §17.1.2.2).
            Table.Wheel.Schedule(this, GivesUpAt - Table.Wheel.Now);
            return;
        }
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
