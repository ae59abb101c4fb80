using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EventCalls.Sip.Transport;

/// <summary>The ICMP errors that datagrams of a socket have met: Linux keeps them in the socket's error queue, with the address that each datagram was for.</summary>
/// <remarks>
/// An unconnected socket hears of them only when it asks to (IP_RECVERR), and .NET has no call that reads the queue (MSG_ERRQUEUE), so it is the C library's.
/// The system takes an error only for a datagram that this socket has sent. Elsewhere nothing is heard, and silence is waited for.
/// </remarks>
internal static unsafe partial class UdpErrors
{
    private const int IPLevel = 0;
    private const int IPv6Level = 41;
    private const int IPRecvErr = 11;
    private const int IPv6RecvErr = 25;
    private const int MsgErrQueue = 0x2000;
    private const int MsgDontWait = 0x40;
    private const int FamilyIPv6 = 10;
    private const int OriginIcmp = 2;
    private const int OriginIcmpV6 = 3;
    private const int DestinationUnreachable = 3;
    private const int DestinationUnreachableV6 = 1;
    private const int MostAtOnce = 256;

    private static readonly bool s_isThere = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc", typeof(UdpErrors).Assembly, null, out _);

    /// <summary>Asks for the errors.</summary>
    public static void Enable(Socket socket)
    {
        if (!s_isThere)
            return;
        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                socket.SetRawSocketOption(IPv6Level, IPv6RecvErr, BitConverter.GetBytes(1));
            else
                socket.SetRawSocketOption(IPLevel, IPRecvErr, BitConverter.GetBytes(1));
            // An error that is taken while a datagram is waited for must not leave the reader waiting without one.
            socket.ReceiveTimeout = 50;
        }
        catch (SocketException)
        {
            // A system that looks like Linux and has none: as elsewhere.
        }
    }

    /// <summary>Takes what is in the queue; the end points that datagrams do not reach (RFC 3261 §18.4), mostly none.</summary>
    public static IReadOnlyCollection<IPEndPoint> Read(Socket socket)
    {
        if (!s_isThere)
            return [];
        HashSet<IPEndPoint>? unreachable = null;
        byte* name = stackalloc byte[28];
        byte* control = stackalloc byte[256];
        byte* data = stackalloc byte[1];
        var part = new Part { Base = data, Length = 1 };
        for (int i = 0; i < MostAtOnce; i++)
        {
            var message = new Message { Name = name, NameLength = 28, Parts = &part, PartCount = 1, Control = control, ControlLength = 256 };
            if (Receive((int)socket.Handle, &message, MsgErrQueue | MsgDontWait) < 0)
                break;
            if (IsUnreachable(new ReadOnlySpan<byte>(control, (int)message.ControlLength)) && EndPointOf(new ReadOnlySpan<byte>(name, (int)message.NameLength)) is { } remote)
                (unreachable ??= []).Add(remote);
        }
        return unreachable ?? (IReadOnlyCollection<IPEndPoint>)[];
    }

    // A header (its length, a level, a type) and struct sock_extended_err: the error's number, then its origin and the ICMP type.
    private static bool IsUnreachable(ReadOnlySpan<byte> control)
    {
        int header = sizeof(nint) + 8;
        if (control.Length < header + 16)
            return false;
        int level = BitConverter.ToInt32(control[sizeof(nint)..]);
        int kind = BitConverter.ToInt32(control[(sizeof(nint) + 4)..]);
        if ((level, kind) is not ((IPLevel, IPRecvErr) or (IPv6Level, IPv6RecvErr)))
            return false;
        // Source quench and an exceeded time say nothing final (RFC 3261 §18.4).
        return (control[header + 4], control[header + 5]) is (OriginIcmp, DestinationUnreachable) or (OriginIcmpV6, DestinationUnreachableV6);
    }

    private static IPEndPoint? EndPointOf(ReadOnlySpan<byte> name)
    {
        if (name.Length < 8)
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        if (BitConverter.ToUInt16(name) != FamilyIPv6)
            return new IPEndPoint(new IPAddress(name.Slice(4, 4)), port);
        return name.Length < 28 ? null : new IPEndPoint(new IPAddress(name.Slice(8, 16), BitConverter.ToUInt32(name[24..])), port);
    }

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static partial nint Receive(int socket, Message* message, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }
}

/// <summary>Tells a shard which end points datagrams do not reach.</summary>
internal sealed class Unreachable(SipShard shard, IReadOnlyCollection<IPEndPoint> remotes) : ShardWork
{
    /// <summary>Tells all of a group: of shared ports the system picks the one that hears. Posted, as whoever sends now must not be called back within its call.</summary>
    public static void Tell(IReadOnlyList<SipShard> group, IReadOnlyCollection<IPEndPoint> remotes)
    {
        foreach (var shard in group)
            shard.Post(new Unreachable(shard, remotes));
    }

    /// <inheritdoc />
    protected internal override void Run() => shard.Agent.Unreachable(remotes);
}
