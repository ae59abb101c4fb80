using System.Net;
using System.Net.Sockets;

namespace EventCalls.Telephony.Trunks;

/// <summary>Reads networks as they are configured: an address, or CIDR.</summary>
internal static class NetworkText
{
    /// <summary>The network of an address such as 192.0.2.7, or of 192.0.2.0/24 or 2001:db8::/32 with no bits set behind the prefix.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            // Bits behind the prefix are mostly a slip: 10.1.2.3/8 is not what 10.1.2.3 was meant to say.
            return IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var written) && written.Equals(network.BaseAddress) && IsMasked(network);
        if (text.Contains('/') || !IPAddress.TryParse(text, out var address))
            return false;
        address = Plain(address);
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
        return true;
    }

    /// <summary>The address as networks are written: what a socket for both families shows of IPv4 as IPv4.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Whether it is a host name: with a dot in it, and no number at its end, which a mistyped address has.</summary>
    public static bool IsHostName(string text) =>
        Uri.CheckHostName(text) == UriHostNameType.Dns && text.TrimEnd('.') is var name && name.Contains('.') && !char.IsAsciiDigit(name[^1]);

    private static bool IsMasked(IPNetwork network)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
                return false;
        }
        return true;
    }
}
