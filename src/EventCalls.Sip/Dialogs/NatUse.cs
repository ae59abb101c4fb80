using System.Net;

namespace EventCalls.Sip.Dialogs;

/// <summary>Whether requests within a dialog go where its peer was heard from, rather than where its Contact says.</summary>
public enum NatUse
{
    /// <summary>Never: where the Contact says (RFC 3261 §12.2.1.1).</summary>
    Off,

    /// <summary>When the Contact names an address that cannot be reached from where the peer was heard: a private one of a peer with a public address, a loopback or unspecified one of any other.</summary>
    Auto,

    /// <summary>Always, as long as no proxy stands between.</summary>
    On,
}

/// <summary>How far addresses reach.</summary>
internal static class AddressReach
{
    /// <summary>Whether a peer that was heard from one address cannot be reached at another one that it names.</summary>
    public static bool IsHidden(IPAddress named, IPAddress heard) => Of(named) < Of(heard);

    // Unspecified, the machine itself, its link, a private network (RFC 1918, RFC 6598, RFC 4193), everybody.
    private static int Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return 0;
        if (IPAddress.IsLoopback(address))
            return 1;
        if (address.GetAddressBytes().Length == 16)
            return address.IsIPv6LinkLocal ? 2 : address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal ? 3 : 4;
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return (bytes[0], bytes[1]) switch
        {
            (169, 254) => 2,
            (10, _) or (192, 168) or (172, >= 16 and <= 31) or (100, >= 64 and <= 127) => 3,
            _ => 4,
        };
    }
}
