using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Resolving;

/// <summary>What a URI says about where its requests go (RFC 3263 §4).</summary>
/// <param name="Host">Its host, or its <c>maddr</c>: a name, or an address without brackets.</param>
/// <param name="Port">Its port; null when it names none.</param>
/// <param name="Transport">Its transport; null when it names none.</param>
/// <param name="IsSecure">Whether it is a sips URI.</param>
public sealed record ServerQuery(string Host, int? Port, TransportProtocol? Transport, bool IsSecure);

/// <summary>A server: how and where it is reached.</summary>
public readonly record struct ServerAddress(TransportProtocol Protocol, IPEndPoint EndPoint)
{
    /// <inheritdoc />
    public override string ToString() => $"{Protocol.Name()}:{EndPoint}";
}

/// <summary>Which transports and address families requests can leave by.</summary>
public sealed class LocalTransports
{
    private readonly HashSet<(TransportProtocol, bool)> _served;

    /// <summary>Those that are listened on.</summary>
    public LocalTransports(IEnumerable<(TransportProtocol Protocol, bool IsIPv6)> served) => _served = [.. served];

    /// <summary>Every one.</summary>
    public static LocalTransports All { get; } = new(
        from protocol in Enum.GetValues<TransportProtocol>()
        from isIPv6 in new[] { false, true }
        select (protocol, isIPv6));

    /// <summary>Whether requests can leave by the transport.</summary>
    public bool Has(TransportProtocol protocol) => Has(protocol, isIPv6: false) || Has(protocol, isIPv6: true);

    /// <summary>Whether requests can leave by the transport to IPv4 addresses, or to IPv6 ones.</summary>
    public bool Has(TransportProtocol protocol, bool isIPv6) => _served.Contains((protocol, isIPv6));
}
