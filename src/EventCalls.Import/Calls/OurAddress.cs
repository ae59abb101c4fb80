using System.Net;
using EventCalls.Import.Captures;

namespace EventCalls.Import.Calls;

/// <summary>An address, a network or an address with a port that is ours.</summary>
public sealed record OurAddress(IPNetwork Addresses, int? Port)
{
    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:5060</c>, <c>[2001:db8::1]:5060</c> or <c>192.0.2.0/24</c>; null when it is none of them.</summary>
    public static OurAddress? Parse(string text)
    {
        if (Network(text) is { } network)
            return new OurAddress(network, null);
        return IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port > 0 && Network(endPoint.Address.ToString()) is { } single
            ? new OurAddress(single, endPoint.Port)
            : null;
    }

    /// <summary>Reads an address or a network; null when it is neither.</summary>
    public static IPNetwork? Network(string text)
    {
        if (text.Contains('/'))
            return IPNetwork.TryParse(text, out var network) ? network : null;
        if (!IPAddress.TryParse(text, out var address))
            return null;
        return new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
    }

    /// <summary>Whether the end point is ours.</summary>
    internal bool Contains(NetEndPoint endPoint) =>
        (Port is null || Port == endPoint.Port) && Addresses.Contains(endPoint.Address.ToIPAddress());
}
