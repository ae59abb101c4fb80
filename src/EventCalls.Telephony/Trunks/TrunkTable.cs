using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Trunks;

/// <summary>The trunks: found by where a request comes from (longest prefix wins), and by name as outbound endpoints.</summary>
internal sealed class TrunkTable
{
    private readonly Dictionary<string, Trunk> _byName = new(StringComparer.Ordinal);
    private readonly (IPNetwork Network, Trunk Trunk)[] _given;
    private readonly (ServerQuery Query, Trunk Trunk)[] _named;
    private readonly ConcurrentDictionary<ServerQuery, IPAddress[]> _found = new();
    private volatile (IPNetwork Network, Trunk Trunk)[] _networks;
    private volatile HashSet<IPAddress> _endpoints;

    /// <summary>Builds the table.</summary>
    /// <exception cref="TelephonyOptionsException">A trunk does not parse, or contradicts another.</exception>
    public TrunkTable(IReadOnlyList<TrunkOptions> trunks)
    {
        var networks = new List<(IPNetwork Network, Trunk Trunk)>();
        var named = new List<(ServerQuery Query, Trunk Trunk)>();
        foreach (var options in trunks)
            Add(options, trunks, networks, named);
        // What trunks say that they call from stands before where others are registered.
        Registering = [.. trunks.Select(t => _byName[t.Name]).Where(t => t.Registrar is not null)];
        foreach (var trunk in Registering.Where(t => t.IsCalledFromRegistrar))
        {
            if (trunk.Registrar!.Address is { Query: { } query })
                named.Add((query, trunk));
            else
                networks.Add((Alone(trunk.Registrar.Address.EndPoint!.Address), trunk));
        }
        _given = Closest(networks);
        _named = [.. named];
        _networks = _given;
        Queries = [.. Reached.Select(a => a.Query).OfType<ServerQuery>().Concat(_named.Select(n => n.Query)).Distinct()];
        Roaming = new RoamingTrunks([.. trunks.Where(t => t.From.Count == 0).Select(t => _byName[t.Name])]);
        TokenHeaders = [.. _byName.Values.Select(t => t.Proof?.TokenHeader).OfType<byte[]>()];
        _endpoints = FindEndpoints();
        OnlyOutbound = _byName.Values.Count(t => t.IsOutbound) == 1 ? _byName.Values.Single(t => t.IsOutbound) : null;
    }

    /// <summary>The outbound endpoint, when exactly one is configured; null otherwise.</summary>
    public Trunk? OnlyOutbound { get; }

    /// <summary>All of them, by name.</summary>
    public IEnumerable<Trunk> All => _byName.Values.OrderBy(t => t.Name, StringComparer.Ordinal);

    /// <summary>The outbound endpoints.</summary>
    public IEnumerable<Trunk> Outbound => _byName.Values.Where(t => t.IsOutbound);

    /// <summary>The trunks that we register with.</summary>
    public IReadOnlyList<Trunk> Registering { get; }

    /// <summary>The host names of trunks, each with all that is to be found by it; <see cref="Learn"/> says where they lead.</summary>
    public IReadOnlyList<ServerQuery> Queries { get; }

    /// <summary>Where outbound endpoints are reached.</summary>
    public IEnumerable<OutboundAddress> Endpoints => _byName.Values.SelectMany(t => t.Addresses);

    /// <summary>The headers that carry tokens: of every trunk, as who is known by something else may say another's too.</summary>
    public byte[][] TokenHeaders { get; }

    /// <summary>Where outbound endpoints and registrars are reached.</summary>
    private IEnumerable<OutboundAddress> Reached => Endpoints.Concat(Registering.Select(t => t.Registrar!.Address));

    /// <summary>The trunks that may call from anywhere, as they prove who they are.</summary>
    public RoamingTrunks Roaming { get; }

    /// <summary>The trunk of that name; null when there is none.</summary>
    public Trunk? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The outbound endpoint that is reached at the host of a URI; null when none is.</summary>
    public Trunk? ByAddress(string host, int port) =>
        _byName.Values.FirstOrDefault(t => t.Addresses.Any(a => a.Port == port && (a.UriHost.Equals(host, StringComparison.OrdinalIgnoreCase) || a.Host.Equals(host, StringComparison.OrdinalIgnoreCase))));

    /// <summary>The outbound endpoints that a URI leads to: the one reached at that very port, else all at that host or address. Any thread may ask.</summary>
    public IReadOnlyList<Trunk> ReachedAt(string host, int port, IPAddress? address)
    {
        address = address is null ? IPAddress.TryParse(host, out var written) ? NetworkText.Plain(written) : null : NetworkText.Plain(address);
        var all = Outbound.Where(t => t.Addresses.Any(a => IsAt(a, host, address))).ToList();
        var exact = all.Where(t => t.Addresses.Any(a => a.Port == port && IsAt(a, host, address))).ToList();
        return exact.Count > 0 ? exact : all;
    }

    /// <summary>The outbound endpoint that is reached where a URI leads; null when none is. A name without a port leads to the endpoint of that name, whatever its port: name servers say which (RFC 3263 §4).</summary>
    public Trunk? ByUri(in SipUri uri)
    {
        // A sips URI goes over TLS alone (RFC 5630 §3.1.3).
        bool isSips = uri.Scheme == UriScheme.Sips;
        string host = SipText.Get(uri.Host);
        bool isSecure = isSips || (uri.TryGetParameter("transport"u8, out var transport) && TransportNames.TryParse(transport, out var protocol) && protocol.IsSecure());
        var trunk = ByAddress(host, uri.Port > 0 ? uri.Port : isSecure ? 5061 : 5060)
            ?? (uri.Port < 0 && !IPAddress.TryParse(host, out _) ? Outbound.FirstOrDefault(t => t.Addresses.Any(a => a.UriHost.Equals(host, StringComparison.OrdinalIgnoreCase))) : null);
        return isSips && trunk?.Addresses.All(static a => a.Protocol.IsSecure()) == false ? null : trunk;
    }

    /// <summary>The trunk that calls from this address; null for a stranger.</summary>
    public Trunk? BySource(IPAddress address)
    {
        address = NetworkText.Plain(address);
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
        if (BySource(source) is not { } known)
            return Roaming.Of(request);
        var trunk = AskedFor(request, source) ?? known;
        return trunk.Proof?.TokenHeader is null || trunk.Proof.HasToken(request) ? trunk : Sharing(request, source);
    }

    /// <summary>Of several accounts at one registrar the one whose Contact is called; null when that does not tell.</summary>
    private Trunk? AskedFor(SipMessage request, IPAddress source)
    {
        if (Registering.Count == 0)
            return null;
        source = NetworkText.Plain(source);
        foreach (var (network, trunk) in _networks)
        {
            if (trunk.IsCalledFromRegistrar && network.Contains(source) && trunk.Registrar!.IsAskedFor(request))
                return trunk;
        }
        return null;
    }

    /// <summary>Whether connections from this address are taken. Any thread may ask.</summary>
    public bool MayConnect(IPAddress address) => !Roaming.IsEmpty || Knows(address);

    /// <summary>Whether trunks call from this address, or an endpoint or registrar is reached there. Any thread may ask.</summary>
    public bool Knows(IPAddress address)
    {
        if (BySource(address) is not null)
            return true;
        return _endpoints.Contains(NetworkText.Plain(address));
    }

    /// <summary>The trunk that is reached at the address, or calls from there; null when none is. Any thread may ask.</summary>
    public Trunk? At(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _byName.Values.FirstOrDefault(t => ReachedOf(t).Any(a => a.EndPoint is { } known ? known.Address.Equals(plain) : a.Query is { } query && _found.GetValueOrDefault(query, []).Contains(plain))) ?? BySource(plain);
    }

    /// <summary>The names of which the certificate of a peer must bear one, by where it calls from, or by the host it is reached at; null where nothing was said. Any thread may ask.</summary>
    public IReadOnlyList<string>? TlsNamesOf(IPAddress address, string? host) =>
        host is null ? CallersNames(address)
        : _byName.Values.FirstOrDefault(t => ReachedOf(t).Any(a => a.Host.Equals(host, StringComparison.OrdinalIgnoreCase)))?.TlsNames;

    private IReadOnlyList<string>? CallersNames(IPAddress address) =>
        (BySource(address) ?? ByAddress(address)) is { } trunk ? trunk.TlsNames : Roaming.NeedNames ? Roaming.Names : null;

    /// <summary>Of the trunks that share the closest network, the one whose token the request carries, or that needs none.</summary>
    private Trunk? Sharing(SipMessage request, IPAddress source)
    {
        source = NetworkText.Plain(source);
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

    private Trunk? ByAddress(IPAddress address) => _byName.Values.FirstOrDefault(t => ReachedOf(t).Any(a => a.EndPoint?.Address.Equals(address) == true));

    private static IEnumerable<OutboundAddress> ReachedOf(Trunk trunk) => trunk.Registrar is { } registrar ? trunk.Addresses.Append(registrar.Address) : trunk.Addresses;

    /// <summary>Where a host name leads now; names of no endpoint are passed over. From any thread.</summary>
    public void Learn(ServerQuery query, IPAddress[] addresses)
    {
        if (!Queries.Contains(query))
            return;
        bool isNew = !_found.TryGetValue(query, out var known) || !known.AsSpan().SequenceEqual(addresses);
        _found[query] = addresses;
        if (!isNew)
            return;
        _endpoints = FindEndpoints();
        // What was given as an address or a network of that length stands before what a name leads to.
        _networks = _named.Length == 0 ? _given : Closest(_given.Concat(_named.SelectMany(Networks)));
    }

    private bool IsAt(OutboundAddress reached, string host, IPAddress? address) =>
        reached.UriHost.Equals(host, StringComparison.OrdinalIgnoreCase) || reached.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        || (address is not null && (reached.EndPoint is { } known ? NetworkText.Plain(known.Address).Equals(address) : _found.GetValueOrDefault(reached.Query!, []).Contains(address)));

    // Longest first, so that the first one that contains an address is the closest; of trunks that share a network, the one that needs no token comes last.
    private static (IPNetwork Network, Trunk Trunk)[] Closest(IEnumerable<(IPNetwork Network, Trunk Trunk)> networks) =>
        [.. networks.OrderByDescending(n => n.Network.PrefixLength).ThenBy(n => n.Trunk.Proof?.TokenHeader is null)];

    private IEnumerable<(IPNetwork Network, Trunk Trunk)> Networks((ServerQuery Query, Trunk Trunk) named) =>
        _found.GetValueOrDefault(named.Query, []).Select(a => (Alone(a), named.Trunk));

    private static IPNetwork Alone(IPAddress address) => new(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);

    private HashSet<IPAddress> FindEndpoints() =>
        [.. Reached.SelectMany(a => a.EndPoint is { } known ? [known.Address] : _found.GetValueOrDefault(a.Query!, []))];

    private void Add(TrunkOptions options, IReadOnlyList<TrunkOptions> trunks, List<(IPNetwork Network, Trunk Trunk)> networks, List<(ServerQuery Query, Trunk Trunk)> named)
    {
        string key = $"Trunks:{options.Name}";
        if (string.IsNullOrWhiteSpace(options.Name))
            throw new TelephonyOptionsException("Trunks", options.Name, "expected a name for every trunk");
        var targets = new List<TrunkTarget>(options.To.Count);
        if (options.From.Count == 0 && options.To.Count == 0 && options.Digest is not { Users.Count: > 0 } && options.Token is null && options.TlsNames.Count == 0 && options.Register is not { AddressOfRecord.Length: > 0 })
            throw new TelephonyOptionsException(key, "", "expected From (networks it calls from), To (URIs it is reached at), or both; or Digest, Token or TlsNames, by which it is known wherever it calls from; or Register, which has its registrar call");
        for (int i = 0; i < options.To.Count; i++)
        {
            if (!TrunkTarget.TryParse(options.To[i], out var target, out string? whyNot))
                throw new TelephonyOptionsException($"{key}:To:{i}", options.To[i], whyNot!);
            targets.Add(target!);
        }
        if (targets.FindIndex(t => t.Priority is null) is >= 0 and var without && targets.Exists(t => t.Priority is not null))
            throw new TelephonyOptionsException($"{key}:To:{without}", options.To[without], "expected ;priority= on every entry of To, or on none");
        if (options.HealthSeconds is < 0 or > 3_600 || (options.HealthSeconds > 0 && targets.Count == 0))
            throw new TelephonyOptionsException($"{key}:HealthSeconds", options.HealthSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture), "expected a number from 0 (never) to 3600, and To, which says who is asked");
        if (options.UserName is null != options.Password is null)
            throw new TelephonyOptionsException($"{key}:{(options.UserName is null ? "UserName" : "Password")}", null, "expected UserName and Password, or neither");
        if (options.ReferEndpoint is { } endpoint && !trunks.Any(t => t.Name == endpoint && t.To.Count > 0))
            throw new TelephonyOptionsException($"{key}:ReferEndpoint", endpoint, "expected the name of a trunk that has To");
        if (options.SessionTimer is not (null or Trunk.NoSessionTimer or (>= 90 and <= 86_400)))
            throw new TelephonyOptionsException($"{key}:SessionTimer", $"{options.SessionTimer}", "expected off, or seconds from 90 (RFC 4028 §4) to 86400");
        if (options.FollowRedirects is < 0 or > 10)
            throw new TelephonyOptionsException($"{key}:FollowRedirects", $"{options.FollowRedirects}", "expected a number from 0 to 10");
        if (!PassedHeaders.TryParse(options.PassHeaders, out _, out string? header, out string? whyNotPassed))
            throw new TelephonyOptionsException($"{key}:PassHeaders", header, whyNotPassed!);
        var trunk = new Trunk(options, targets);
        if (!_byName.TryAdd(options.Name, trunk))
            throw new TelephonyOptionsException(key, options.Name, "expected every trunk once");
        for (int i = 0; i < options.From.Count; i++)
        {
            if (NetworkText.IsHostName(options.From[i]))
            {
                // Who is reached by the name calls from there, and so may who has it himself.
                string host = options.From[i].TrimEnd('.').ToLowerInvariant();
                if (named.Find(n => n.Query.Host == host && n.Trunk != trunk).Trunk is { } another)
                    throw new TelephonyOptionsException($"{key}:From:{i}", options.From[i], $"expected a host of its own; the trunk '{another.Name}' has it");
                named.Add((new ServerQuery(host, null, null, IsSecure: false), trunk));
                named.Add((new ServerQuery(host, 5060, null, IsSecure: false), trunk));
                continue;
            }
            if (!NetworkText.TryParse(options.From[i], out var network))
                throw new TelephonyOptionsException($"{key}:From:{i}", options.From[i], "expected an address such as 192.0.2.7, a network such as 192.0.2.0/24 or 2001:db8::/32, with no bits set behind the prefix, or a host name");
            foreach (var (other, owner) in networks)
            {
                if (other.Equals(network) && owner != trunk && (trunk.Proof?.TokenHeader ?? owner.Proof?.TokenHeader) is null)
                    throw new TelephonyOptionsException($"{key}:From:{i}", options.From[i], $"expected a network of its own; the trunk '{owner.Name}' has it, and neither has a Token that tells them apart");
            }
            networks.Add((network, trunk));
        }
    }
}
