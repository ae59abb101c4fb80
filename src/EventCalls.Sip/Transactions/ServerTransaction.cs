using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>What the two server transactions share: the head of every response and the last response sent (RFC 3261 §17.2).</summary>
internal abstract class ServerTransaction : WheelTimer
{
    private PooledBytes _head;
    private PooledBytes _recordRoute;
    private PooledBytes _to;
    private readonly bool _toHasTag;
    private readonly int _sentByPort;
    private PooledBytes _last;

    protected ServerTransaction(TransactionTable table, byte[] key, SipMessage request, Hop hop)
    {
        Table = table;
        Key = key;
        Method = request.Method;
        Hop = ResponseHead.HopFor(request, hop, table.Output);
        _sentByPort = ResponseHead.SentByPort(request);
        var writer = table.Writer;
        writer.Reset();
        ResponseHead.Write(writer, request, hop);
        _head.Set(writer.Written);
        _to.Set(request.To);
        _toHasTag = !request.ToTag.IsEmpty;
        if (request.Method == SipMethod.Invite && request.Has(HeaderId.RecordRoute))
        {
            writer.Reset();
            writer.CopyAll(request, HeaderId.RecordRoute);
            _recordRoute.Set(writer.Written);
        }
    }

    public byte[] Key { get; }

    public SipMethod Method { get; }

    /// <summary>Where responses go (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
    public Hop Hop { get; private set; }

    public bool IsTerminated { get; private set; }

    protected TransactionTable Table { get; }

    /// <summary>Begins a response in the shard's writer: status line, Via, From, To with the tag, Call-ID, CSeq and, where a dialog may come of it, Record-Route.</summary>
    public SipWriter Begin(int status, string? reason, ReadOnlySpan<byte> toTag)
    {
        var writer = Table.Writer;
        writer.Reset();
        writer.Response(status, reason);
        writer.Raw(_head.Span);
        writer.Raw("To: "u8);
        writer.Raw(_to.Span);
        if (!_toHasTag && status > 100 && !toTag.IsEmpty)
        {
            writer.Raw(";tag="u8);
            writer.Raw(toTag);
        }
        writer.Crlf();
        if (status is > 100 and < 300)
            writer.Raw(_recordRoute.Span);
        return writer;
    }

    /// <summary>Sends what <see cref="Begin"/> began and the caller finished.</summary>
    public void Send(SipWriter response, int status)
    {
        if (IsTerminated)
            return;
        _last.Set(response.Written);
        if (Hop.IsClosed)
            Reconnect();
        Table.Output.Send(Hop, response.Written);
        OnSent(status);
    }

    /// <summary>A response without further headers or body.</summary>
    public void Send(int status, string? reason, ReadOnlySpan<byte> toTag)
    {
        var writer = Begin(status, reason, toTag);
        writer.NoBody();
        Send(writer, status);
    }

    /// <summary>Sends the last response again; nothing when none was sent.</summary>
    public void SendLastAgain()
    {
        if (!_last.IsEmpty)
            Table.SendAgain(Hop, _last.Span);
    }

    /// <summary>Opens another connection to whom the last response went, and says it again there; false when none can be opened.</summary>
    public bool TryReachAgain()
    {
        Reconnect();
        if (Hop.IsClosed)
            return false;
        SendLastAgain();
        return true;
    }

    /// <summary>The request came again.</summary>
    public abstract void ReceiveAgain();

    protected abstract void OnSent(int status);

    /// <summary>The caller's connection is gone: the response takes a new one to where its Via says it listens (RFC 3261 §18.2.2).</summary>
    private void Reconnect() =>
        Hop = Table.Output.HopTo(Hop.Protocol, new System.Net.IPEndPoint(Hop.Remote.Address, _sentByPort), Hop) ?? Hop;

    /// <summary>No further response will be begun: only the last one is kept.</summary>
    protected void ReleaseHead()
    {
        _head.Release();
        _to.Release();
        _recordRoute.Release();
    }

    /// <summary>All is said: from here on only repetitions are waited for, which the table can do without this object.</summary>
    protected void Finish(bool repeatsLast)
    {
        if (IsTerminated)
            return;
        Table.Finish(this, repeatsLast ? _last.Span : default);
        Terminate();
    }

    protected internal virtual void Terminate()
    {
        if (IsTerminated)
            return;
        IsTerminated = true;
        Table.Wheel.Cancel(this);
        Table.Remove(this);
        ReleaseHead();
        _last.Release();
    }
}
