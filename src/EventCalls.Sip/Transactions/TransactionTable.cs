using System.Diagnostics.CodeAnalysis;
using System.Net;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Transactions;

/// <summary>All transactions of one shard, found by branch (RFC 3261 §17.1.3, §17.2.3).</summary>
internal sealed class TransactionTable
{
    private const int MaxKeyLength = 1_024;

    private readonly Dictionary<ulong, ClientTransaction> _clients = [];
    private readonly Dictionary<byte[], ServerTransaction> _servers = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], ServerTransaction>.AlternateLookup<ReadOnlySpan<byte>> _serversBySpan;
    private readonly Dictionary<byte[], InviteServerTransaction> _merged = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], InviteServerTransaction>.AlternateLookup<ReadOnlySpan<byte>> _mergedBySpan;
    private readonly FinishedTransactions _finished;
    private readonly SipMessage _scratch = new();
    private readonly SipWriter _ackWriter = new();

    public TransactionTable(TimingWheel wheel, SipTimers timers, ISipOutput output, IdSource ids)
    {
        Wheel = wheel;
        Timers = timers;
        Output = output;
        Ids = ids;
        _serversBySpan = _servers.GetAlternateLookup<ReadOnlySpan<byte>>();
        _mergedBySpan = _merged.GetAlternateLookup<ReadOnlySpan<byte>>();
        _finished = new FinishedTransactions(wheel, timers.T1x64);
    }

    public TimingWheel Wheel { get; }

    public SipTimers Timers { get; }

    public ISipOutput Output { get; }

    public IdSource Ids { get; }

    /// <summary>Moves requests that are too large for datagrams; null: none is.</summary>
    public LargeRequests? LargeRequests { get; init; }

    /// <summary>The shard's one writer: whoever begins a message with it finishes and sends it before anyone else begins.</summary>
    public SipWriter Writer { get; } = new();

    /// <summary>Messages sent a second time or more, since the start.</summary>
    public long Retransmissions { get; set; }

    /// <summary>Transactions that are not over; those that only wait for repetitions are counted by <see cref="Finished"/>.</summary>
    public int Count => _clients.Count + _servers.Count;

    /// <summary>Server transactions that have said all and wait 64·T1 for repetitions; an INVITE counts twice, for it is also found by its call.</summary>
    public int Finished => _finished.Count;

    /// <summary>The client transaction a response belongs to; null for a stray one.</summary>
    public ClientTransaction? FindClient(SipMessage response)
    {
        var branch = response.ViaBranch;
        var cookie = IdSource.Cookie;
        if (!branch.StartsWith(cookie) || !Ids.TryRead(branch[cookie.Length..], out ulong id))
            return null;
        return _clients.TryGetValue(ClientKey(id, response.CSeqMethod), out var transaction) && transaction.Method == response.CSeqMethod
            ? transaction
            : null;
    }

    /// <summary>Registers a client transaction; its <see cref="ClientTransaction.Start"/> sends the request.</summary>
    public T Add<T>(T transaction)
        where T : ClientTransaction
    {
        _clients.Add(ClientKey(transaction.Id, transaction.Method), transaction);
        return transaction;
    }

    public void Remove(ClientTransaction transaction) => _clients.Remove(ClientKey(transaction.Id, transaction.Method));

    /// <summary>The server transaction a request (or the ACK of a refusal) belongs to.</summary>
    public ServerTransaction? FindServer(SipMessage request, SipMethod method)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteKey(key, request, method);
        return length > 0 && _serversBySpan.TryGetValue(key[..length], out var transaction) ? transaction : null;
    }

    /// <summary>Whether the request's transaction has said all it will say; its last response, empty when nothing is to be said, and where that went.</summary>
    public bool TryFindFinished(SipMessage request, SipMethod method, out ReadOnlySpan<byte> response, [NotNullWhen(true)] out Hop? hop)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteKey(key, request, method);
        return _finished.TryFind(key[..length], out response, out hop);
    }

    /// <summary>Sends a response another time.</summary>
    public void SendAgain(Hop hop, ReadOnlySpan<byte> message)
    {
        Retransmissions++;
        Output.Send(hop, message);
    }

    /// <summary>Whether the INVITE has come by another path before (RFC 3261 §8.2.2.2).</summary>
    public bool IsMerged(SipMessage invite)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteMergeKey(key, invite);
        return length > 0 && (_mergedBySpan.ContainsKey(key[..length]) || _finished.TryFind(key[..length], out _, out _));
    }

    /// <summary>The INVITE that a CANCEL is for: its branch, and its Call-ID, From tag and CSeq number too (RFC 3261 §9.1); null when there is none.</summary>
    public InviteServerTransaction? FindCancelled(SipMessage cancel)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteMergeKey(key, cancel);
        return FindServer(cancel, SipMethod.Invite) is InviteServerTransaction invite && key[..length].SequenceEqual(invite.MergeKey) ? invite : null;
    }

    /// <summary>A transaction for a new request; null when its Via, Call-ID or tags are too long to be kept.</summary>
    public InviteServerTransaction? AddInviteServer(SipMessage request, Hop hop)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteKey(key, request, SipMethod.Invite);
        Span<byte> mergeKey = stackalloc byte[MaxKeyLength];
        int mergeLength = WriteMergeKey(mergeKey, request);
        if (length == 0 || mergeLength == 0)
            return null;
        var transaction = new InviteServerTransaction(this, key[..length].ToArray(), mergeKey[..mergeLength].ToArray(), request, hop);
        _servers.Add(transaction.Key, transaction);
        _merged.TryAdd(transaction.MergeKey, transaction);
        return transaction;
    }

    /// <inheritdoc cref="AddInviteServer"/>
    public NonInviteServerTransaction? AddServer(SipMessage request, Hop hop)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        int length = WriteKey(key, request, request.Method);
        if (length == 0)
            return null;
        var transaction = new NonInviteServerTransaction(this, key[..length].ToArray(), request, hop);
        _servers.Add(transaction.Key, transaction);
        return transaction;
    }

    public void Remove(ServerTransaction transaction)
    {
        _servers.Remove(transaction.Key);
        if (transaction is InviteServerTransaction invite && _merged.TryGetValue(invite.MergeKey, out var merged) && merged == invite)
            _merged.Remove(invite.MergeKey);
    }

    /// <summary>The transaction is over but for repetitions: they get the response, or nothing when it is empty.</summary>
    public void Finish(ServerTransaction transaction, ReadOnlySpan<byte> response)
    {
        _finished.Add(transaction.Key, response, transaction.Hop);
        if (transaction is InviteServerTransaction invite)
            _finished.Add(invite.MergeKey, default, transaction.Hop);
    }

    /// <summary>The ACK of a 300–699: the request's URI, Via, Route, From and Call-ID, the response's To (RFC 3261 §17.1.1.3).</summary>
    public ReadOnlySpan<byte> WriteAckOfRefusal(ReadOnlySpan<byte> request, SipMessage response) =>
        WriteLike(request, SipMethod.Ack, response.To, null);

    /// <summary>The CANCEL of a request of ours (RFC 3261 §9.1).</summary>
    public ReadOnlySpan<byte> WriteCancel(ReadOnlySpan<byte> request, IReadOnlyList<HeaderLine>? headers) =>
        WriteLike(request, SipMethod.Cancel, default, headers);

    /// <summary>Ends every client transaction on the hop: the connection is gone.</summary>
    public void Fail(Hop hop)
    {
        foreach (var transaction in _clients.Values.Where(t => t.Hop == hop).ToArray())
            transaction.FailTransport();
    }

    /// <summary>Ends what waits for a first word of a datagram peer that is not there, where its user wants that (RFC 3261 §18.4).</summary>
    public void FailUnreachable(IReadOnlyCollection<IPEndPoint> remotes)
    {
        foreach (var transaction in _clients.Values.Where(t => t.Hop.Protocol == TransportProtocol.Udp && t.IsUnheard && t.User.EndsUnreachable && remotes.Contains(t.Hop.Remote)).ToArray())
            transaction.FailTransport(NoResponse.Unreachable);
    }

    private ReadOnlySpan<byte> WriteLike(ReadOnlySpan<byte> request, SipMethod method, ReadOnlySpan<byte> to, IReadOnlyList<HeaderLine>? headers)
    {
        SipParser.Parse(request.ToArray(), _scratch);
        var writer = _ackWriter;
        writer.Reset();
        writer.Request(SipMethods.Name(method), _scratch.RequestUri);
        writer.Header(HeaderId.Via, _scratch.TopVia);
        writer.Raw("Max-Forwards: 70\r\n"u8);
        writer.CopyAll(_scratch, HeaderId.Route);
        writer.Header(HeaderId.From, _scratch.From);
        writer.Header(HeaderId.To, to.IsEmpty ? _scratch.To : to);
        writer.Header(HeaderId.CallId, _scratch.CallId);
        writer.Raw("CSeq: "u8);
        Span<byte> number = stackalloc byte[12];
        _scratch.CSeqNumber.TryFormat(number, out int length);
        writer.Raw(number[..length]);
        writer.Raw(" "u8);
        writer.Raw(SipMethods.Name(method));
        writer.Crlf();
        if (headers is not null)
        {
            foreach (var header in headers)
                writer.Header(header.Name, header.Value);
        }
        writer.NoBody();
        return writer.Written;
    }

    // A CANCEL has its INVITE's branch and is a transaction of its own.
    private static ulong ClientKey(ulong id, SipMethod method) => (id << 1) | (method == SipMethod.Cancel ? 1UL : 0UL);

    private static int WriteKey(Span<byte> key, SipMessage request, SipMethod method)
    {
        var branch = request.ViaBranch;
        var sentBy = request.ViaSentBy;
        bool rfc3261 = branch.StartsWith(IdSource.Cookie);
        int length = 15 + branch.Length + sentBy.Length;
        if (!rfc3261)
            length += request.CallId.Length + request.FromTag.Length;
        if (length > key.Length)
            return 0;
        key[0] = (byte)method;
        int at = 1;
        at = Append(key, at, branch);
        at = Append(key, at, sentBy);
        if (!rfc3261)
        {
            // A sender of RFC 2543: no unique branch, so the call's own identifiers tell requests apart (§17.2.3).
            at = Append(key, at, request.CallId);
            at = Append(key, at, request.FromTag);
        }
        // Some use a branch again for their next request; a repetition has its number too, and so have the ACK and the CANCEL of an INVITE.
        request.CSeqNumber.TryFormat(key[at..], out int digits);
        return at + digits;
    }

    private static int WriteMergeKey(Span<byte> key, SipMessage request)
    {
        if (request.CallId.Length + request.FromTag.Length + 15 > key.Length)
            return 0;
        // No transaction's key begins so: they begin with a method.
        key[0] = byte.MaxValue;
        int at = Append(key, 1, request.CallId);
        at = Append(key, at, request.FromTag);
        request.CSeqNumber.TryFormat(key[at..], out int digits);
        return at + digits;
    }

    private static int Append(Span<byte> key, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(key[at..]);
        at += part.Length;
        key[at] = (byte)'|';
        return at + 1;
    }
}
