using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>Takes connections on one end point, from whom they may come and up to the limits.</summary>
internal sealed class TcpListenerThread : IDisposable
{
    private readonly SipShard _shard;
    private readonly ShardOptions _options;
    private readonly Socket _socket;

    public TcpListenerThread(SipShard shard, ListenPoint point, ShardOptions options, SourceAddresses sources)
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
        Protocol = point.Protocol;
        Local = (IPEndPoint)_socket.LocalEndPoint!;
        Address = new LocalAddress(point, Local, options, sources);
    }

    public TransportProtocol Protocol { get; }

    public IPEndPoint Local { get; }

    public LocalAddress Address { get; }

    public void Start() => TransportThread.Start($"sip-accept-{Local.Port}", _shard.Logger, Loop);

    public void Dispose() => _socket.Dispose();

    private void Loop()
    {
        // Without a descriptor left the connection stays in the backlog, and is taken when there is one again.
        var faults = new FaultPause(_shard, $"Taking connections on {Protocol.Name()}:{Local}");
        while (!_shard.IsStopping)
        {
            try
            {
                Take(_socket.Accept());
                faults.Over();
            }
            catch (Exception e)
            {
                faults.Pause(e);
            }
        }
    }

    private void Take(Socket socket)
    {
        bool taken = false;
        try
        {
            var from = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            string? whyNot = _options.AcceptsConnectionFrom?.Invoke(from) == false
                ? "no trunk calls from there and no endpoint is reached there; if one does, add the address to Trunks:NAME:From"
                : _shard.Connections.Add(Protocol, socket, Address);
            taken = whyNot is null;
            if (!taken)
                _shard.Refusals.Refused(from, $"A connection over {Protocol.Name()} from", whyNot!);
        }
        catch (SocketException)
        {
            // The peer has gone again.
        }
        finally
        {
            if (!taken)
                socket.Dispose();
        }
    }
}
