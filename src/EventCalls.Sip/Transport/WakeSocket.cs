using System.Net;
using System.Net.Sockets;

namespace EventCalls.Sip.Transport;

/// <summary>What a shard's thread waits on, and how it is woken: by one datagram to its own socket.</summary>
internal sealed class WakeSocket : IDisposable
{
    private readonly Socket _listener;
    private readonly byte[] _dropped = new byte[64];
    private readonly List<Socket> _readable = new(2);
    private readonly Socket? _wakeOn;
    private readonly Socket _waker;
    private readonly SocketAddress _address;

    /// <summary>Waits on a listener's socket.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="sharesPorts">Whether others listen on its port too.</param>
    public WakeSocket(UdpListener listener, bool sharesPorts)
    {
        _listener = listener.Socket;
        var wake = listener.Local;
        if (sharesPorts)
        {
            // A datagram to a shared port wakes whichever shard the system picks, so each has a socket of its own to be woken by.
            _wakeOn = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            _wakeOn.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            wake = (IPEndPoint)_wakeOn.LocalEndPoint!;
        }
        if (wake.Address.Equals(IPAddress.Any))
            wake = new IPEndPoint(IPAddress.Loopback, wake.Port);
        else if (wake.Address.Equals(IPAddress.IPv6Any))
            wake = new IPEndPoint(IPAddress.IPv6Loopback, wake.Port);
        _address = wake.Serialize();
        _waker = new Socket(wake.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
    }

    /// <summary>Waits until the listener has a datagram, somebody wakes the thread, or the time is over; true when there is something to receive.</summary>
    public bool Wait(int microseconds)
    {
        if (_wakeOn is null)
            return _listener.Poll(microseconds, SelectMode.SelectRead);
        _readable.Clear();
        _readable.Add(_listener);
        _readable.Add(_wakeOn);
        Socket.Select(_readable, null, null, microseconds);
        if (_readable.Contains(_wakeOn))
        {
            while (_wakeOn.Available > 0)
                _wakeOn.Receive(_dropped);
        }
        return _readable.Contains(_listener);
    }

    /// <summary>Wakes the thread; from any thread.</summary>
    public void Wake()
    {
        try
        {
            _waker.SendTo("\r\n"u8, SocketFlags.None, _address);
        }
        catch (SocketException)
        {
            // The thread wakes by itself within a second.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _waker.Dispose();
        _wakeOn?.Dispose();
    }
}
