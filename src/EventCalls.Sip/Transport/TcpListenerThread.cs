using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>Takes connections on one end point, from whom they may come and up to the limit.</summary>
internal sealed class TcpListenerThread : IDisposable
{
    private readonly SipShard _shard;
    private readonly ShardOptions _options;
    private readonly Socket _socket;

    public TcpListenerThread(SipShard shard, ListenPoint point, ShardOptions options)
    {
        _shard = shard;
        _options = options;
        _socket = new Socket(point.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(point.EndPoint);
            _socket.Listen(512);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new ListenException(point, e.Message, e);
        }
        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint Local { get; }

    public void Start() => new Thread(Loop) { IsBackground = true, Name = $"sip-accept-{Local.Port}" }.Start();

    public void Dispose() => _socket.Dispose();

    private void Loop()
    {
        while (!_shard.IsStopping)
        {
            try
            {
                var socket = _socket.Accept();
                var from = ((IPEndPoint)socket.RemoteEndPoint!).Address;
                if (_options.AcceptsConnectionFrom?.Invoke(from) == false || _shard.Connections.IsFull)
                {
                    _shard.Logger.LogWarning("A connection from {Address} is refused: not a trunk's address, or {Limit} connections are open", from, _options.MaxConnections);
                    socket.Dispose();
                    continue;
                }
                _shard.Connections.Add(socket, Local);
            }
            catch (SocketException e) when (!_shard.IsStopping)
            {
                _shard.Logger.LogWarning("Accepting on {Local} failed: {Error}", Local, e.Message);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
