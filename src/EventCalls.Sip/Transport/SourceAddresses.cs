using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EventCalls.Sip.Transport;

/// <summary>Which of the machine's addresses a packet to a destination leaves from, as its routing table says. Safe from any thread.</summary>
internal sealed class SourceAddresses(TimeProvider time)
{
    /// <summary>Routes and addresses change while a process runs.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private const int MostKept = 4_096;
    private const int DiscardPort = 9;

    private readonly ConcurrentDictionary<IPAddress, (IPAddress Source, long At)> _kept = new();

    /// <summary>The source address; null when there is no route.</summary>
    public IPAddress? Towards(IPAddress destination)
    {
        bool known = _kept.TryGetValue(destination, out var kept);
        if (known && time.GetElapsedTime(kept.At) < Kept)
            return kept.Source;
        if (Ask(destination) is not { } source)
            return known ? kept.Source : null;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[destination] = (source, time.GetTimestamp());
        return source;
    }

    // Connecting a datagram socket chooses the route and sends nothing.
    private static IPAddress? Ask(IPAddress destination)
    {
        try
        {
            using var socket = new Socket(destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(destination, DiscardPort);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
