using System.Collections.Concurrent;
using System.Net;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>The trunks: found by where a request comes from (longest prefix wins), and by name as outbound endpoints.</summary>
internal sealed class TrunkTable
{
    private readonly Dictionary<string, Trunk> _byName = new(StringComparer.Ordinal);
    private readonly (IPNetwork Network, Trunk Trunk)[] _networks;
    private readonly ConcurrentDictionary<string, IPAddress[]> _addressesOfHosts = new(StringComparer.OrdinalIgnoreCase);
    private volatile HashSet<IPAddress> _endpoints;

    /// <summary>Builds the table.</summary>
    /// <exception cref="TelephonyOptionsException">A trunk does not parse, or contradicts another.</exception>
    public TrunkTable(IReadOnlyList<TrunkOptions> trunks)
    {
        var networks = new List<(IPNetwork Network, Trunk Trunk)>();
        foreach (var options in trunks)
            Add(options, trunks, networks);
        // Longest first, so that the first one that contains an address is the closest.
        // Of trunks that share a network, the one that needs no token comes last.
        _networks = [.. networks.OrderByDescending(n => n.Network.PrefixLength).ThenBy(n => n.Trunk.Proof?.TokenHeader is null)];
        Roaming = new RoamingTrunks([.. trunks.Where(t => t.From.Count == 0).Select(t => _byName[t.Name])]);
        HostNames = [.. Endpoints.Where(a => a.EndPoint is null).Select(a => a.Host).Distinct(StringComparer.OrdinalIgnoreCase)];
        _endpoints = FindEndpoints();
        OnlyOutbound = _byName.Values.Count(t => t.IsOutbound) == 1 ? _byName.Values.Single(t => t.IsOutbound) : null;
    }

    /// <summary>The outbound endpoint, when exactly one is configured; null otherwise.</summary>
    public Trunk? OnlyOutbound { get; }

    /// <summary>The host names by which endpoints are reached; <see cref="Learn"/> says where they lead.</summary>
    public IReadOnlyList<string> HostNames { get; }

    /// <summary>Where outbound endpoints are reached.</summary>
    public IEnumerable<OutboundAddress> Endpoints => _byName.Values.SelectMany(t => t.Addresses);

    /// <summary>The trunks that may call from anywhere, as they prove who they are.</summary>
    public RoamingTrunks Roaming { get; }

    /// <summary>The trunk of that name; null when there is none.</summary>
    public Trunk? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The outbound endpoint that is reached at the host of a URI; null when none is.</summary>
    public Trunk? ByAddress(string host, int port) =>
        _byName.Values.FirstOrDefault(t => t.Addresses.Any(a => a.Port == port && (a.UriHost.Equals(host, StringComparison.OrdinalIgnoreCase) || a.Host.Equals(host, StringComparison.OrdinalIgnoreCase))));

    /// <summary>The trunk that calls from this address; null for a stranger.</summary>
    public Trunk? BySource(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var (network, trunk) in _networks)
        {
            if (network.Contains(address))
                return trunk;
        }
        return null;
    }

    /// <summary>The trunk that a request outside a dialog is of: by its certificate, else its source and token, else what the request proves; null for a stranger. Its digest is still to be checked.</summary>
    public Trunk? Of(SipMessage request, Hop hop)
    {
        if (Roaming.Of(hop.ProvenNames) is { } certified)
            return certified.Proof?.TokenHeader is null || certified.Proof.HasToken(request) ? certified : null;
        var source = hop.Remote.Address;
        if (BySource(source) is not { } trunk)
            return Roaming.Of(request);
        return trunk.Proof?.TokenHeader is null || trunk.Proof.HasToken(request) ? trunk : Sharing(request, source);
    }

    /// <summary>Whether connections from this address are taken. Any thread may ask.</summary>
    public bool MayConnect(IPAddress address) => !Roaming.IsEmpty || Knows(address);

    /// <summary>Whether trunks call from this address, or an endpoint is reached there. Any thread may ask.</summary>
    public bool Knows(IPAddress address)
    {
        if (BySource(address) is not null)
            return true;
        return _endpoints.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    /// <summary>The names of which the certificate of a peer must bear one, by where it calls from, or by the host it is reached at; null where nothing was said. Any thread may ask.</summary>
    public IReadOnlyList<string>? TlsNamesOf(IPAddress address, string? host) =>
        host is null ? CallersNames(address)
        : _byName.Values.FirstOrDefault(t => t.Addresses.Any(a => a.Host.Equals(host, StringComparison.OrdinalIgnoreCase)))?.TlsNames;

    private IReadOnlyList<string>? CallersNames(IPAddress address) =>
        (BySource(address) ?? ByAddress(address)) is { } trunk ? trunk.TlsNames : Roaming.NeedNames ? Roaming.Names : null;

    /// <summary>Of the trunks that share the closest network, the one whose token the request carries, or that needs none.</summary>
    private Trunk? Sharing(SipMessage request, IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6)
            source = source.MapToIPv4();
        IPNetwork? closest = null;
        foreach (var (network, trunk) in _networks)
        {
            if (closest is { } its ? !network.Equals(its) : !network.Contains(source))
                continue;
            closest = network;
            if (trunk.Proof?.TokenHeader is null || trunk.Proof.HasToken(request))
                return trunk;
        }
        return null;
    }

    private Trunk? ByAddress(IPAddress address) => _byName.Values.FirstOrDefault(t => t.Addresses.Any(a => a.EndPoint?.Address.Equals(address) == true));

    /// <summary>Where a host name leads now; names of no endpoint are passed over. From any thread.</summary>
    public void Learn(string host, IPAddress[] addresses)
    {
        if (!HostNames.Contains(host, StringComparer.OrdinalIgnoreCase))
            return;
        bool isNew = !_addressesOfHosts.TryGetValue(host, out var known) || !known.AsSpan().SequenceEqual(addresses);
        _addressesOfHosts[host] = addresses;
        if (isNew)
            _endpoints = FindEndpoints();
    }

    private HashSet<IPAddress> FindEndpoints() =>
        [.. Endpoints.Where(a => a.EndPoint is not null).Select(a => a.EndPoint!.Address), .. _addressesOfHosts.Values.SelectMany(a => a)];

    private void Add(TrunkOptions options, IReadOnlyList<TrunkOptions> trunks, List<(IPNetwork Network, Trunk Trunk)> networks)
    {
        string key = $"Trunks:{options.Name}";
        if (string.IsNullOrWhiteSpace(options.Name))
            throw new TelephonyOptionsException("Trunks", options.Name, "expected a name for every trunk");
        if (options.From.Count == 0 && options.To.Count == 0 && options.Digest is not { Users.Count: > 0 } && options.Token is null && options.TlsNames.Count == 0)
            throw new TelephonyOptionsException(key, "", "expected From (networks it calls from), To (URIs it is reached at), or both; or Digest, Token or TlsNames, by which it is known wherever it calls from");
        var addresses = new List<OutboundAddress>(options.To.Count);
        for (int i = 0; i < options.To.Count; i++)
        {
            if (!OutboundAddress.TryParse(options.To[i], out var address, out string? whyNot))
                throw new TelephonyOptionsException($"{key}:To:{i}", options.To[i], whyNot!);
            addresses.Add(address!);
        }
        if (options.UserName is null != options.Password is null)
            throw new TelephonyOptionsException($"{key}:{(options.UserName is null ? "UserName" : "Password")}", null, "expected UserName and Password, or neither");
        if (options.ReferEndpoint is { } endpoint && !trunks.Any(t => t.Name == endpoint && t.To.Count > 0))
            throw new TelephonyOptionsException($"{key}:ReferEndpoint", endpoint, "expected the name of a trunk that has To");
        var trunk = new Trunk(options, addresses);
        if (!_byName.TryAdd(options.Name, trunk))
            throw new TelephonyOptionsException(key, options.Name, "expected every trunk once");
        for (int i = 0; i < options.From.Count; i++)
        {
            if (!NetworkText.TryParse(options.From[i], out var network))
                throw new TelephonyOptionsException($"{key}:From:{i}", options.From[i], "expected an address such as 192.0.2.7 or a network such as 192.0.2.0/24 or 2001:db8::/32, with no bits set behind the prefix");
            foreach (var (other, owner) in networks)
            {
                if (other.Equals(network) && owner != trunk && (trunk.Proof?.TokenHeader ?? owner.Proof?.TokenHeader) is null)
                    throw new TelephonyOptionsException($"{key}:From:{i}", options.From[i], $"expected a network of its own; the trunk '{owner.Name}' has it, and neither has a Token that tells them apart");
            }
            networks.Add((network, trunk));
        }
    }
}
