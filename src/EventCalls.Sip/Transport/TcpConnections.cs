using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>The open connections of a node, by their peer. Those that peers made and those we made are counted apart: the ones cannot take the others' room.</summary>
internal sealed class TcpConnections(SipShard shard, ShardOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<Peer, TcpConnection> _byPeer = new();
    private readonly Lock _lock = new();
    private readonly HashSet<TcpConnection> _open = [];
    private readonly Dictionary<IPAddress, int> _bySource = [];
    private int _accepted;
    private int _made;

    /// <summary>The hop of the connection to a remote end point, which is opened when there is none; null at the limit, and when no address of ours leads there.</summary>
    /// <param name="peer">The transport, the remote end point, and the name it must have.</param>
    /// <param name="local">The listener that the peer is told of.</param>
    /// <param name="instead">An open connection to the same peer that is used when none can be made.</param>
    public Hop? HopTo(Peer peer, LocalAddress local, TcpConnection? instead)
    {
        if (_byPeer.TryGetValue(peer, out var known) && known.Serves(instead))
            return known.Hop;
        // Two shards that want the same peer at once get one connection.
        lock (_lock)
        {
            if (_byPeer.TryGetValue(peer, out known) && known.Serves(instead))
                return known.Hop;
            if (_made >= options.MaxOutboundConnections)
            {
                shard.Refusals.Refused(peer.Remote.Address, $"A connection over {peer.Protocol.Name()} to", $"{options.MaxOutboundConnections} connections that we made are open");
                return null;
            }
            try
            {
                if (TcpConnection.To(shard, this, peer, local, instead, options) is not { } connection)
                    return null;
                _made++;
                Register(connection);
                connection.Start();
                return connection.Hop;
            }
            catch (Exception e) when (e is SocketException or OutOfMemoryException)
            {
                shard.Refusals.Refused(peer.Remote.Address, $"A connection over {peer.Protocol.Name()} to", e.Message);
                return null;
            }
        }
    }

    /// <summary>Takes a connection a peer made; says why when it is not taken.</summary>
    public string? Add(TransportProtocol protocol, Socket socket, LocalAddress local)
    {
        var source = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        TcpConnection connection;
        lock (_lock)
        {
            if (_accepted >= options.MaxConnections)
                return $"{options.MaxConnections} connections are open (Sip:Tcp:MaxConnections)";
            int ofSource = _bySource.GetValueOrDefault(source);
            if (ofSource >= options.MaxConnectionsPerSource)
                return $"{options.MaxConnectionsPerSource} connections from there are open (Sip:Tcp:MaxConnectionsPerSource)";
            connection = TcpConnection.Accepted(shard, this, protocol, socket, local, options);
            _accepted++;
            _bySource[source] = ofSource + 1;
            Register(connection);
        }
        try
        {
            connection.Start();
        }
        catch (SocketException e)
        {
            // The peer has gone again.
            connection.Close(e.Message);
        }
        catch (OutOfMemoryException)
        {
            // What the runtime says when the system has no thread left, or no descriptor for one.
            connection.Close("no thread could be started");
            return "no thread can be started to read it";
        }
        return null;
    }

    public void Forget(TcpConnection connection)
    {
        lock (_lock)
        {
            if (!_open.Remove(connection))
                return;
            _byPeer.TryRemove(KeyValuePair.Create(Peer.Of(connection.Hop), connection));
            if (!connection.IsAccepted)
            {
                _made--;
                return;
            }
            _accepted--;
            var source = connection.Hop.Remote.Address;
            if (--_bySource[source] == 0)
                _bySource.Remove(source);
        }
    }

    public void Dispose()
    {
        TcpConnection[] open;
        lock (_lock)
            open = [.. _open];
        foreach (var connection in open)
            connection.Close("the shard stops");
    }

    private void Register(TcpConnection connection)
    {
        _open.Add(connection);
        // Who connected to us over TLS need not have shown who it is, and over WebSocket a server may be many pages: what begins with us goes over connections that we made.
        if (!connection.IsAccepted || connection.Hop.Protocol == TransportProtocol.Tcp)
            _byPeer[Peer.Of(connection.Hop)] = connection;
    }
}

/// <summary>Whom a connection leads to.</summary>
/// <param name="Protocol">Whether it is encrypted.</param>
/// <param name="Remote">The remote end point.</param>
/// <param name="Name">The host name that its certificate bears; null where none was asked for.</param>
internal readonly record struct Peer(TransportProtocol Protocol, IPEndPoint Remote, string? Name)
{
    /// <summary>Whom a hop leads to.</summary>
    public static Peer Of(Hop hop) => new(hop.Protocol, hop.Remote, hop.RemoteName);
}
