using System.Net;
using System.Net.Sockets;

namespace EventCalls.Media.Relay;

/// <summary>The ports that media may use: an even one for RTP and the next for RTCP (RFC 3550 §11). From any thread.</summary>
internal sealed class PortRange
{
    private readonly Lock _lock = new();
    private readonly bool[] _isTaken;
    private readonly int _first;
    private int _next;

    /// <summary>The pairs from one port to another, both among them.</summary>
    public PortRange(int first, int last)
    {
        _first = first + (first & 1);
        _isTaken = new bool[Math.Max(0, (last - _first + 1) / 2)];
    }

    /// <summary>How many pairs there are.</summary>
    public int Count => _isTaken.Length;

    /// <summary>How many are in use.</summary>
    public int Taken { get; private set; }

    /// <summary>Binds the next free pair; false when none is left. A port that somebody else has is passed over.</summary>
    /// <remarks>One that was just given back comes last, so that what is still on its way to the call before meets nobody.</remarks>
    public bool TryTake(IPAddress address, out Socket rtp, out Socket rtcp)
    {
        for (int tries = 0; tries < _isTaken.Length; tries++)
        {
            if (!TryReserve(out int port))
                break;
            bool mayGoOn = true;
            if (TryBind(address, port, ref mayGoOn, out rtp!))
            {
                if (TryBind(address, port + 1, ref mayGoOn, out rtcp!))
                    return true;
                rtp.Dispose();
            }
            GiveBack(port);
            if (!mayGoOn)
                break;
        }
        rtp = rtcp = null!;
        return false;
    }

    /// <summary>Gives a pair back, by its even port.</summary>
    public void GiveBack(int port)
    {
        lock (_lock)
        {
            _isTaken[(port - _first) / 2] = false;
            Taken--;
        }
    }

    private bool TryReserve(out int port)
    {
        lock (_lock)
        {
            for (int i = 0; i < _isTaken.Length; i++)
            {
                int index = _next;
                _next = (_next + 1) % _isTaken.Length;
                if (_isTaken[index])
                    continue;
                _isTaken[index] = true;
                Taken++;
                port = _first + 2 * index;
                return true;
            }
        }
        port = 0;
        return false;
    }

    private static bool TryBind(IPAddress address, int port, ref bool mayGoOn, out Socket? socket)
    {
        socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            socket = null;
            // Another port helps where this one is somebody else's; nothing else does: no descriptors, or an address that is not ours.
            mayGoOn = e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied;
            return false;
        }
    }
}
