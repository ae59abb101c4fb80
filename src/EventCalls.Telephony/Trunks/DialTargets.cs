using System.Net;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>The hosts that may be dialled: those of the outbound endpoints, and the names and networks that are configured beside them.</summary>
/// <remarks>What a caller sends can end up in a target, and whoever can name the host that we dial can let others pay for the call.</remarks>
public sealed class DialTargets
{
    internal const string Key = "Routing:Targets";
    internal const string ReferKey = "Routing:ReferTargets";
    private const string Any = "*";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _domains = [];
    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly string _key;
    private readonly bool _isAny;

    /// <summary>Reads the configured hosts.</summary>
    /// <param name="key">The configuration's key, for errors and evidence.</param>
    /// <param name="configured">Host names, <c>*.example.com</c> for all below a domain, addresses, networks, or <c>*</c> for every host.</param>
    /// <exception cref="TelephonyOptionsException">An entry is none of these.</exception>
    public DialTargets(string key, IReadOnlyList<string> configured)
    {
        _key = key;
        for (int i = 0; i < configured.Count; i++)
        {
            string entry = configured[i].Trim();
            if (entry == Any)
                _isAny = true;
            else if (NetworkText.TryParse(entry.Trim('[', ']'), out var network))
                _networks.Add(network);
            else if (entry.StartsWith("*.", StringComparison.Ordinal) && IsName(entry[2..]))
                _domains.Add(entry[1..].TrimEnd('.'));
            else if (IsName(entry))
                _names.Add(entry.TrimEnd('.'));
            else
                throw new TelephonyOptionsException($"{key}:{i}", configured[i], "expected a host such as pbx.example.com, *.example.com, 192.0.2.7 or 10.0.0.0/8, without scheme and port");
        }
    }

    internal DialTargets(string key, IReadOnlyList<string> configured, TrunkTable trunks)
        : this(key, configured)
    {
        foreach (var endpoint in trunks.Endpoints)
        {
            Add(endpoint.Host);
            Add(endpoint.UriHost);
        }
    }

    /// <summary>Whether the host, as written in a URI, may be dialled whatever its address; an address in any way of writing it.</summary>
    public bool Allows(string host) => _isAny || (IPAddress.TryParse(host.Trim('[', ']'), out var address) ? Allows(address) : AllowsName(host.TrimEnd('.')));

    /// <summary>Whether the address may be dialled.</summary>
    public bool Allows(IPAddress address)
    {
        if (_isAny)
            return true;
        address = NetworkText.Plain(address);
        if (_addresses.Contains(address))
            return true;
        foreach (var network in _networks)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }

    /// <summary>Why a request must not leave; null when it may, or when that is known only with the address.</summary>
    /// <param name="target">Where it is to go.</param>
    /// <param name="address">The address it leaves for; null as long as the host's name is not resolved.</param>
    internal string? WhyNot(InviteTarget target, IPAddress? address)
    {
        // The host that the request names, and the maddr, which comes before it: with this node when it sends to the URI itself, with the next server when it goes by
        // way of an endpoint (RFC 3261 §16.5).
        var (host, maddr) = HostsOf(target.RequestUri);
        bool isDirect = target.Trunk is null;
        bool isHostNext = isDirect && maddr is null;
        if (!Allows(host) && !(isHostNext && MayResolve(host, address)))
            return Refusal(host, isHostNext ? address : null);
        return maddr is null || Allows(maddr) || isDirect && MayResolve(maddr, address) ? null : Refusal(maddr, isDirect ? address : null);
    }

    /// <summary>Why a URI must not be given to others to dial; null when it may.</summary>
    internal string? WhyNot(string uri)
    {
        var (host, maddr) = HostsOf(uri);
        if (!Allows(host))
            return Refusal(host, null);
        return maddr is null || Allows(maddr) ? null : Refusal(maddr, null);
    }

    private bool MayResolve(string host, IPAddress? address) =>
        address is null ? _networks.Count > 0 && !IPAddress.TryParse(host, out _) : Allows(address);

    private bool AllowsName(string name)
    {
        if (_names.Contains(name))
            return true;
        foreach (string domain in _domains)
        {
            if (name.EndsWith(domain, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private string Refusal(string host, IPAddress? address)
    {
        string where = address is null || host == address.ToString() ? $"'{host}'" : $"'{host}' ({address})";
        return $"the host {where} is no outbound endpoint's and not on {_key}; add it there if calls may go to it";
    }

    private void Add(string host)
    {
        if (IPAddress.TryParse(host, out var address))
            _addresses.Add(NetworkText.Plain(address));
        else
            _names.Add(host.TrimEnd('.'));
    }

    private static (string Host, string? Maddr) HostsOf(string uri)
    {
        if (!SipUri.TryParse(System.Text.Encoding.UTF8.GetBytes(uri), out var parsed))
            return ("", null);
        string? maddr = parsed.TryGetParameter("maddr"u8, out var value) && !value.IsEmpty ? SipText.Get(value).Trim('[', ']') : null;
        return (SipText.Get(parsed.Host), maddr);
    }

    private static bool IsName(string text) => Uri.CheckHostName(text) == UriHostNameType.Dns;
}
