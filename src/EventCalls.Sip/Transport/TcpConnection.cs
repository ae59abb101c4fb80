using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Transactions;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>One connection: a thread reads and frames it; the shard writes to it and never waits.</summary>
internal sealed class TcpConnection
{
    // While the kernel calls a socket writable a third of this is free: more than the largest message we send.
    private const int SendBufferBytes = 1024 * 1024;
    private const int MaxPendingBytes = 1024 * 1024;

    private readonly SipShard _shard;
    private readonly TcpConnections _connections;
    private readonly int _connectTimeoutMs;
    private readonly Socket _socket;
    // Legs of several shards may share a connection: whole messages must not mix.
    private readonly Lock _sending = new();
    private readonly List<byte[]> _pending = [];
    private int _pendingBytes;
    private bool _connected;
    private int _closed;

    private TcpConnection(SipShard shard, TcpConnections connections, Socket socket, IPEndPoint local, IPEndPoint remote, ShardOptions options, bool connected)
    {
        _shard = shard;
        _connections = connections;
        _socket = socket;
        _connectTimeoutMs = options.ConnectTimeoutMs;
        _connected = connected;
        Hop = new Hop(TransportProtocol.Tcp, local, remote, options.AdvertisedHost, this);
    }

    public Hop Hop { get; }

    /// <summary>A connection that a peer made to us.</summary>
    public static TcpConnection Accepted(SipShard shard, TcpConnections connections, Socket socket, IPEndPoint listening, ShardOptions options)
    {
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        var local = new IPEndPoint(((IPEndPoint)socket.LocalEndPoint!).Address, listening.Port);
        return new TcpConnection(shard, connections, socket, local, remote, options, connected: true);
    }

    /// <summary>A connection to be made; what is sent meanwhile waits.</summary>
    public static TcpConnection To(SipShard shard, TcpConnections connections, IPEndPoint remote, IPEndPoint listening, ShardOptions options)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        return new TcpConnection(shard, connections, socket, listening, remote, options, connected: false);
    }

    public void Start()
    {
        _socket.NoDelay = true;
        _socket.SendBufferSize = SendBufferBytes;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = $"sip-tcp-{Hop.Remote}" }.Start();
    }

    /// <summary>Sends a message, or closes the connection of a peer that does not read; from the threads of shards.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        if (_closed != 0)
            return;
        lock (_sending)
            SendWhole(message);
    }

    private void SendWhole(ReadOnlySpan<byte> message)
    {
        if (!_connected)
        {
            _pendingBytes += message.Length;
            if (_pendingBytes > MaxPendingBytes)
                Close("too much waits for the connection");
            else
                _pending.Add(message.ToArray());
            return;
        }
        try
        {
            if (!_socket.Poll(0, SelectMode.SelectWrite))
            {
                Close("the peer does not read");
                return;
            }
            while (!message.IsEmpty)
                message = message[_socket.Send(message, SocketFlags.None)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(e.Message);
        }
    }

    /// <summary>Closes the connection; its transactions fail. From any thread.</summary>
    public void Close(string why)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        _socket.Dispose();
        _connections.Forget(this);
        if (_shard.IsStopping)
            return;
        _shard.Logger.LogDebug("The connection {Hop} is closed: {Reason}", Hop, why);
        // Posted also from the shard itself: whoever is sending now must not be called back within its call.
        foreach (var shard in _shard.Group)
            shard.Post(new Closed(shard, Hop));
    }

    private void Run()
    {
        try
        {
            if (!_connected)
            {
                Connect();
                _shard.Post(new Connected(this));
            }
            Read();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or TimeoutException)
        {
            Close(e.Message);
        }
    }

    private void Connect()
    {
        // Not blocking, so that the attempt can be given up in time.
        _socket.Blocking = false;
        try
        {
            _socket.Connect(Hop.Remote);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!_socket.Poll(_connectTimeoutMs * 1_000, SelectMode.SelectWrite))
                throw new TimeoutException($"No connection within {_connectTimeoutMs} ms");
            int error = (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
                throw new SocketException(error);
        }
        _socket.Blocking = true;
    }

    private void Read()
    {
        var buffer = new byte[16 * 1024];
        var framer = new StreamFramer();
        int read;
        while ((read = _socket.Receive(buffer)) > 0)
        {
            framer.Append(buffer.AsSpan(0, read));
            while (framer.TryRead(out var message))
                _shard.Post(ReceivedMessage.Copy(_shard, message.Span, Hop));
            while (framer.TakePing())
                _shard.Post(new Pong(this));
            if (framer.Failure != StreamError.None)
            {
                _shard.Logger.LogWarning("The stream from {Hop} can't be framed: {Failure}", Hop, framer.Failure);
                Close($"the stream can't be framed: {framer.Failure}");
                return;
            }
        }
        Close("the peer closed it");
    }

    private sealed class Connected(TcpConnection connection) : ShardWork
    {
        protected internal override void Run()
        {
            lock (connection._sending)
            {
                connection._connected = true;
                foreach (var message in connection._pending)
                    connection.SendWhole(message);
                connection._pending.Clear();
            }
        }
    }

    private sealed class Closed(SipShard shard, Hop hop) : ShardWork
    {
        protected internal override void Run() => shard.Agent.HopFailed(hop);
    }

    /// <summary>Answers a double-CRLF ping (RFC 5626 §4.4.1).</summary>
    private sealed class Pong(TcpConnection connection) : ShardWork
    {
        protected internal override void Run() => connection.Send("\r\n"u8);
    }
}
