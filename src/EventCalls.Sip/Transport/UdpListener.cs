using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>One datagram socket, and the hops of those who write to it.</summary>
internal sealed class UdpListener : IDisposable
{
    private const int MaxHops = 16_384;

    // The socket's reader adds, the shard looks up; they are the same thread only for the first listener.
    private readonly ConcurrentDictionary<SocketAddress, Hop> _hops = [];
    private readonly LocalAddress _local;
    private readonly TimeProvider _time;
    private readonly SocketAddress _from;
    private readonly Action<IReadOnlyCollection<IPEndPoint>> _unreachable;
    private long _hopsSince;

    public UdpListener(ListenPoint point, ShardOptions options, SourceAddresses sources, TimeProvider time, Action<IReadOnlyCollection<IPEndPoint>>? unreachable = null)
    {
        _unreachable = unreachable ?? (static _ => { });
        Socket = new Socket(point.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            Socket.SendBufferSize = options.ReceiveBufferBytes;
            if (options.SharesPorts)
                Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            Socket.Bind(point.EndPoint);
            UdpErrors.Enable(Socket);
        }
        catch (SocketException e)
        {
            Socket.Dispose();
            throw new ListenException(point, e.Message, e);
        }
        Local = (IPEndPoint)Socket.LocalEndPoint!;
        _local = new LocalAddress(point, Local, options, sources);
        _time = time;
        _hopsSince = time.GetTimestamp();
        _from = new SocketAddress(Local.AddressFamily);
    }

    public Socket Socket { get; }

    public IPEndPoint Local { get; }

    public LocalAddress Address => _local;

    /// <summary>Receives one datagram; null when the socket reported an error of an earlier send (ICMP), which says nothing of this one.</summary>
    public Hop? Receive(byte[] buffer, out int length)
    {
        try
        {
            length = Socket.ReceiveFrom(buffer, SocketFlags.None, _from);
            return HopOf(_from);
        }
        catch (SocketException)
        {
            ReadErrors();
            length = 0;
            return null;
        }
    }

    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        if (TrySend(hop, message))
            return;
        // The error may be an earlier datagram's, to somebody else: then this one was not sent.
        ReadErrors();
        TrySend(hop, message);
    }

    /// <summary>Takes the errors that datagrams have met, and tells the shards whom they do not reach.</summary>
    public void ReadErrors()
    {
        if (UdpErrors.Read(Socket) is { Count: > 0 } remotes)
            _unreachable(remotes);
    }

    private bool TrySend(Hop hop, ReadOnlySpan<byte> message)
    {
        try
        {
            Socket.SendTo(message, SocketFlags.None, hop.RemoteAddress);
            return true;
        }
        catch (SocketException)
        {
            // Unreachable, or larger than a datagram: lost, as on any network; the transaction's timers notice.
            return false;
        }
    }

    /// <summary>The hop to a remote end point; null when no address of ours leads there.</summary>
    public Hop? HopTo(IPEndPoint remote) => HopOf(remote.Serialize());

    public void Dispose() => Socket.Dispose();

    private Hop? HopOf(SocketAddress address)
    {
        // On all addresses, the one that leads to a peer is asked for again now and then.
        if (_local.IsWildcard && _time.GetElapsedTime(_hopsSince) >= SourceAddresses.Kept)
            Clear();
        if (_hops.TryGetValue(address, out var hop))
            return hop;
        if (_hops.Count >= MaxHops)
            Clear();
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        var remote = (IPEndPoint)Local.Create(copy);
        hop = _local.HopTo(TransportProtocol.Udp, remote, this);
        return hop is null ? null : _hops.GetOrAdd(copy, hop);
    }

    private void Clear()
    {
        _hops.Clear();
        _hopsSince = _time.GetTimestamp();
    }
}
