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
    private readonly string? _advertisedHost;
    private readonly SocketAddress _from;

    public UdpListener(ListenPoint point, ShardOptions options)
    {
        Socket = new Socket(point.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            Socket.SendBufferSize = options.ReceiveBufferBytes;
            if (options.SharesPorts)
                Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            Socket.Bind(point.EndPoint);
        }
        catch (SocketException e)
        {
            Socket.Dispose();
            throw new ListenException(point, e.Message, e);
        }
        Local = (IPEndPoint)Socket.LocalEndPoint!;
        _advertisedHost = options.AdvertisedHost;
        _from = new SocketAddress(Local.AddressFamily);
    }

    public Socket Socket { get; }

    public IPEndPoint Local { get; }

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
            length = 0;
            return null;
        }
    }

    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        try
        {
            Socket.SendTo(message, SocketFlags.None, hop.RemoteAddress);
        }
        catch (SocketException)
        {
            // Unreachable, or larger than a datagram: lost, as on any network; the transaction's timers notice.
        }
    }

    public Hop HopTo(IPEndPoint remote) => HopOf(remote.Serialize());

    public void Dispose() => Socket.Dispose();

    private Hop HopOf(SocketAddress address)
    {
        if (_hops.TryGetValue(address, out var hop))
            return hop;
        if (_hops.Count >= MaxHops)
            _hops.Clear();
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        var remote = (IPEndPoint)Local.Create(copy);
        hop = new Hop(TransportProtocol.Udp, Local, remote, _advertisedHost, this);
        return _hops.GetOrAdd(copy, hop);
    }
}
