using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EventCalls.Media.Ice;

namespace EventCalls.Media.Relay;

/// <summary>One bound socket of a stream: its RTP or its RTCP.</summary>
internal sealed class RelayPort : IDisposable
{
    private readonly Socket _socket;
    private readonly RelayStream _stream;
    private readonly bool _isControl;
    private SourceLock _lock;
    private long _sent;
    private long _lost;

    public RelayPort(Socket socket, RelayStream stream, bool isControl)
    {
        _socket = socket;
        _stream = stream;
        _isControl = isControl;
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
        Family = socket.AddressFamily;
    }

    /// <summary>The socket as the kernel knows it, while it is open.</summary>
    public int Descriptor { get; }

    /// <summary>The port.</summary>
    public int Number { get; }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family { get; }

    /// <summary>Its place among the sockets of its thread.</summary>
    public ulong Place { get; set; }

    /// <summary>How many datagrams of strangers, and of no use, were ignored.</summary>
    public long Ignored => _lock.Ignored;

    /// <summary>How many datagrams the kernel took from us.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>How many it did not take.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Where the peer is; on the relay's thread.</summary>
    public void Describe(PeerAddress? where, bool isHeld) => _lock.Describe(where, isHeld);

    /// <summary>What came from there is media of the peer's; on the relay's thread.</summary>
    public void Take(ReadOnlySpan<byte> from, long now) => _lock.Take(from, now);

    /// <summary>Takes one datagram that lies ready; on the relay's thread.</summary>
    public void Read(Span<byte> buffer, Span<byte> from, long now)
    {
        int length = Kernel.Receive(Descriptor, buffer[..^RelayStream.Room], from, out int fromLength);
        if (length <= 0)
            return;
        if (_stream.Ice is { } ice && StunRequest.IsStun(buffer[..length]))
        {
            AnswerCheck(ice, buffer[..length], from[..fromLength]);
            return;
        }
        if (!_lock.Admits(from[..fromLength], now))
            return;
        if (!_stream.OnDatagram(buffer, length, from[..fromLength], _isControl, now))
            _lock.Refuse(from[..fromLength]);
    }

    private void AnswerCheck(IceLite ice, ReadOnlySpan<byte> check, ReadOnlySpan<byte> from)
    {
        Span<byte> answer = stackalloc byte[StunAnswer.MostBytes];
        int length = ice.Answer(check, PeerAddress.AddressOf(from), BinaryPrimitives.ReadUInt16BigEndian(from[2..]), answer, out bool isChosen);
        if (length == 0)
            return;
        if (isChosen)
            _lock.Prove(from);
        _ = Kernel.Send(Descriptor, answer[..length], from);
    }

    /// <summary>Sends to wherever the peer is; what the kernel has no room for is lost, as on a network.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (_lock.Destination is not { } destination)
            return;
        if (Kernel.Send(Descriptor, datagram, destination.Span) < 0)
            Volatile.Write(ref _lost, _lost + 1);
        else
            Volatile.Write(ref _sent, _sent + 1);
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();
}
