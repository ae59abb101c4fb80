using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Resolving;

/// <summary>The servers that a URI leads to, or why there are none.</summary>
public sealed class FoundServers
{
    private readonly IReadOnlyList<(TransportProtocol Protocol, IReadOnlyList<ServerTarget> Targets)> _groups;

    internal FoundServers(IReadOnlyList<(TransportProtocol Protocol, IReadOnlyList<ServerTarget> Targets)> groups, string? whyNone)
    {
        _groups = groups;
        WhyNone = whyNone;
    }

    /// <summary>What the name servers said, when there are no servers; null otherwise.</summary>
    public string? WhyNone { get; }

    /// <summary>The addresses of all servers.</summary>
    public IEnumerable<IPAddress> Addresses => _groups.SelectMany(g => g.Targets).SelectMany(t => t.Addresses).Distinct();

    /// <summary>All servers, in no order that means anything.</summary>
    public IEnumerable<ServerAddress> All =>
        from found in _groups
        from target in found.Targets
        from address in target.Addresses
        select new ServerAddress(found.Protocol, new IPEndPoint(address, target.Port));

    /// <summary>The servers in the order in which one request tries them (RFC 3263 §4.3, RFC 2782).</summary>
    public List<ServerAddress> InOrder(RandomSource random)
    {
        var order = new List<ServerAddress>();
        foreach (var (protocol, targets) in _groups)
        {
            foreach (var target in WeightedOrder.Of(targets, static t => t.Priority, static t => t.Weight, random))
            {
                foreach (var address in target.Addresses)
                {
                    var server = new ServerAddress(protocol, new IPEndPoint(address, target.Port));
                    if (!order.Contains(server))
                        order.Add(server);
                }
            }
        }
        return order;
    }
}

/// <summary>One host that serves a domain.</summary>
internal sealed record ServerTarget(int Priority, int Weight, int Port, IReadOnlyList<IPAddress> Addresses);
