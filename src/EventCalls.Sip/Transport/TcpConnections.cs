using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>The open connections of a shard, by remote end point.</summary>
internal sealed class TcpConnections(SipShard shard, ShardOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, TcpConnection> _open = new();

    public bool IsFull => _open.Count >= options.MaxConnections;

    /// <summary>The hop of the connection to a remote end point, which is opened when there is none; null at the limit.</summary>
    public Hop? HopTo(IPEndPoint remote, IPEndPoint listening)
    {
        if (_open.TryGetValue(remote, out var known))
            return known.Hop;
        // Two shards that want the same peer at once get one connection.
        lock (_open)
        {
            if (_open.TryGetValue(remote, out known))
                return known.Hop;
            if (IsFull)
                return null;
            var connection = TcpConnection.To(shard, this, remote, listening, options);
            _open[remote] = connection;
            connection.Start();
            return connection.Hop;
        }
    }

    /// <summary>Takes a connection a peer made.</summary>
    public void Add(Socket socket, IPEndPoint listening)
    {
        var connection = TcpConnection.Accepted(shard, this, socket, listening, options);
        _open[connection.Hop.Remote] = connection;
        connection.Start();
    }

    public void Forget(TcpConnection connection) => _open.TryRemove(KeyValuePair.Create(connection.Hop.Remote, connection));

    public void Dispose()
    {
        foreach (var connection in _open.Values)
            connection.Close("the shard stops");
    }
}
