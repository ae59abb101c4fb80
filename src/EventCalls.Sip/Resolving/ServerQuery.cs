using System.Net;
using System.Net.Sockets;
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
    private readonly HashSet<(TransportProtocol, AddressFamily)> _served;

    /// <summary>Those that are listened on.</summary>
    public LocalTransports(IEnumerable<(TransportProtocol Protocol, AddressFamily Family)> served) => _served = [.. served];

    /// <summary>Every one.</summary>
    public static LocalTransports All { get; } = new(
        from protocol in Enum.GetValues<TransportProtocol>()
        from family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
        select (protocol, family));

    /// <summary>Whether requests can leave by the transport.</summary>
    public bool Has(TransportProtocol protocol) => Has(protocol, AddressFamily.InterNetwork) || Has(protocol, AddressFamily.InterNetworkV6);

    /// <summary>Whether requests can leave by the transport to addresses of the family.</summary>
    public bool Has(TransportProtocol protocol, AddressFamily family) => _served.Contains((protocol, family));
}
