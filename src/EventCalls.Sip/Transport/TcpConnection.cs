using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Sip.Transport.WebSockets;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>One connection, encrypted or not: a thread reads and frames it; the shard writes to it and never waits.</summary>
internal sealed class TcpConnection
{
    // While the kernel calls a socket writable a third of this is free: more than the largest message we send.
    private const int SendBufferBytes = 1024 * 1024;
    private const int MaxPendingBytes = 1024 * 1024;

    // How far a connection's reader may be ahead of the shards: more than one peer has under way, less than the inbox holds.
    private const int MostWaiting = 64;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly SipShard _shard;
    private readonly TcpConnections _connections;
    private readonly ShardOptions _options;
    private readonly Socket _socket;
    private readonly ReadLimits _limits;
    private readonly TcpConnection? _instead;
    // Legs of several shards may share a connection: whole messages must not mix.
    private readonly Lock _sending = new();
    private readonly List<byte[]> _pending = [];
    private readonly SemaphoreSlim _places = new(MostWaiting);
    private List<TcpConnection>? _leaning;
    private Stream _stream;
    private IMessageFraming _framing = new ContentLengthFraming();
    private int _pendingBytes;
    private bool _connected;
    private bool _diverted;
    private volatile int _closed;

    private TcpConnection(SipShard shard, TcpConnections connections, Socket socket, Func<TcpConnection, Hop> hop, TcpConnection? instead, ShardOptions options, bool accepted)
    {
        _shard = shard;
        _connections = connections;
        _socket = socket;
        _options = options;
        _instead = instead;
        IsAccepted = accepted;
        _limits = new ReadLimits(shard.Time, options, isTrusted: !accepted);
        _stream = new SocketStream(socket, _limits, () => _closed != 0);
        Hop = hop(this);
        // Until a peer has shown its certificate nothing is sent to it.
        _connected = accepted && Hop.Protocol == TransportProtocol.Tcp;
    }

    public Hop Hop { get; }

    /// <summary>Whether the peer made it.</summary>
    public bool IsAccepted { get; }

    /// <summary>A connection that a peer made to us.</summary>
    public static TcpConnection Accepted(SipShard shard, TcpConnections connections, TransportProtocol protocol, Socket socket, LocalAddress local, ShardOptions options)
    {
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return new TcpConnection(shard, connections, socket, c => local.Hop(protocol, address, remote, c), null, options, accepted: true);
    }

    /// <summary>A connection to be made; what is sent meanwhile waits. Null when no address of ours leads there.</summary>
    public static TcpConnection? To(SipShard shard, TcpConnections connections, Peer peer, LocalAddress local, TcpConnection? instead, ShardOptions options)
    {
        var remote = peer.Remote;
        if (local.AddressTowards(remote.Address) is not { } address)
            return null;
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // It leaves from the address the peer is told.
            if (!local.IsWildcard && local.Reaches(remote.Address))
                socket.Bind(new IPEndPoint(address, 0));
            return new TcpConnection(shard, connections, socket, c => local.Hop(peer.Protocol, address, remote, c, peer.Name), instead, options, accepted: false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start()
    {
        _socket.NoDelay = true;
        _socket.SendBufferSize = SendBufferBytes;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        TransportThread.Start($"sip-{Hop.Protocol.Name()}-{Hop.Remote}", _shard.Logger, Run, e => Close(e.Message), isDeep: Hop.Protocol.IsSecure());
    }

    /// <summary>Whether it serves one who would use <paramref name="instead"/> if it could not be made: not when it was not made, and goes over somebody else's.</summary>
    public bool Serves(TcpConnection? instead) => _closed == 0 && (_instead is null || _instead == instead || Volatile.Read(ref _connected));

    /// <summary>Sends a message, or closes the connection of a peer that does not read; from the threads of shards.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        if (_closed != 0)
            return;
        lock (_sending)
            SendWhole(message);
    }

    /// <summary>A message of it was handled.</summary>
    public void GivePlace() => _places.Release();

    private void SendWhole(ReadOnlySpan<byte> message)
    {
        if (_diverted)
        {
            _instead!.Send(message);
            return;
        }
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
            _framing.Write(_stream, message);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Close(e.Message);
        }
    }

    /// <summary>Closes the connection; its transactions fail. From any thread.</summary>
    public void Close(string why)
    {
        TcpConnection[] leaning;
        lock (_places)
        {
            if (_closed != 0)
                return;
            _closed = 1;
            leaning = _leaning is null ? [] : [.. _leaning];
        }
        Hop.WhyClosed = why;
        _socket.Dispose();
        _connections.Forget(this);
        foreach (var other in leaning)
            other.Close("the connection used instead is closed");
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
            if (!IsAccepted)
                Connect();
            if (Hop.Protocol.IsSecure())
                Encrypt();
            if (Hop.Protocol.IsWebSocket())
                Upgrade();
            if (!_connected)
                _shard.Post(new Connected(this));
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            if (_closed != 0 || !TryDivert())
                Close(e.Message);
            return;
        }
        try
        {
            Read();
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Close(e.Message);
        }
        finally
        {
            if (Hop.Protocol.IsSecure())
                _stream.Dispose();
        }
    }

    /// <summary>Whether the exception says only that the connection is no more, or is none that is trusted.</summary>
    private static bool IsOfConnection(Exception e) =>
        e is SocketException or ObjectDisposedException or TimeoutException or IOException or AuthenticationException or InvalidOperationException;

    private void Encrypt()
    {
        if (_options.Tls is not { } tls)
            throw new AuthenticationException("TLS is not configured");
        _limits.BeginHandshake();
        try
        {
            if (IsAccepted)
                (_stream, Hop.ProvenNames) = tls.Accept(_stream, Hop.Remote.Address);
            else
                _stream = tls.Connect(_stream, Hop.Remote.Address, Hop.RemoteName);
        }
        catch (AuthenticationException e)
        {
            string why = e.InnerException is { } inner and not TlsRefusedException ? $"{e.Message} {inner.Message}" : e.Message;
            _shard.Refusals.Refused(Hop.Remote.Address, $"A connection over tls {(IsAccepted ? "from" : "to")}", why);
            throw;
        }
        _limits.EndHandshake();
    }

    private void Upgrade()
    {
        _limits.BeginHandshake();
        try
        {
            var framing = new WebSocketFraming(isServer: IsAccepted);
            framing.Append(IsAccepted ? WebSocketHandshake.Accept(_stream, _options.WebSocketOrigins) : WebSocketHandshake.Connect(_stream, $"{Hop.RemoteName ?? Hop.RemoteHost}:{Hop.Remote.Port}"));
            _framing = framing;
        }
        catch (WebSocketRefusedException e)
        {
            _shard.Refusals.Refused(Hop.Remote.Address, $"A connection over {Hop.Protocol.Name()} {(IsAccepted ? "from" : "to")}", e.Message);
            throw;
        }
        _limits.EndHandshake();
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
            if (!_socket.Poll(_options.ConnectTimeoutMs * 1_000, SelectMode.SelectWrite))
                throw new TimeoutException($"No connection within {_options.ConnectTimeoutMs} ms");
            int error = (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
                throw new SocketException(error);
        }
        _socket.Blocking = true;
    }

    /// <summary>The peer takes no connection where it says it listens: what is for it goes over the one it made itself, while that lasts.</summary>
    private bool TryDivert()
    {
        if (_instead is not { } instead || !instead.TryLean(this))
            return false;
        _socket.Dispose();
        lock (_sending)
        {
            _diverted = true;
            foreach (var message in _pending)
                instead.Send(message);
            _pending.Clear();
        }
        _shard.Logger.LogDebug("{Hop} takes no connection; {Instead} is used", Hop, instead.Hop);
        return true;
    }

    private bool TryLean(TcpConnection other)
    {
        lock (_places)
        {
            if (_closed != 0)
                return false;
            (_leaning ??= []).Add(other);
            return true;
        }
    }

    private void Read()
    {
        var buffer = new byte[16 * 1024];
        // What came behind a handshake is there already.
        for (int read = 0; ;)
        {
            _framing.Append(buffer.AsSpan(0, read));
            bool whole = false;
            while (_framing.TryRead(out var message))
            {
                whole = true;
                if (!TakePlace())
                    return;
                _shard.Post(ReceivedMessage.Copy(_shard, message.Span, Hop));
            }
            while (_framing.TryTakeAnswer(out var answer))
                Answer(answer.Span);
            if (_framing.Failure is { } failure)
            {
                if (!_framing.IsClosedByPeer)
                    _shard.Refusals.Refused(Hop.Remote.Address, $"A connection over {Hop.Protocol.Name()} from", failure);
                Close(failure);
                return;
            }
            _limits.OnRead(whole, _framing.IsWithinMessage);
            if (_closed != 0 || (read = _stream.Read(buffer)) == 0)
                break;
        }
        Close("the peer closed it");
    }

    /// <summary>Sends what the framing owes the peer for a keep-alive (RFC 5626 §4.4.1, RFC 6455 §5.5).</summary>
    private void Answer(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            if (_closed == 0 && !_diverted)
                _stream.Write(bytes);
        }
    }

    /// <summary>Waits until the shards have room: what the peer sends meanwhile stays with it.</summary>
    private bool TakePlace()
    {
        while (!_places.Wait(s_look))
        {
            if (_closed != 0 || _shard.IsStopping)
                return false;
        }
        while (!_shard.Room.Take(s_look))
        {
            if (_closed != 0 || _shard.IsStopping)
                return false;
        }
        return true;
    }

    private sealed class Connected(TcpConnection connection) : ShardWork
    {
        protected internal override void Run()
        {
            lock (connection._sending)
            {
                Volatile.Write(ref connection._connected, true);
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
}
