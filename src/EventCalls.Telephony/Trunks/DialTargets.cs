using System.Net;
using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Trunks;

/// <summary>Whom calls may go to: the hosts of the outbound endpoints, the names and networks that are configured beside them, and of numbers those that begin as configured.</summary>
/// <remarks>What a caller sends can end up in a target, and whoever can name the host that we dial can let others pay for the call.</remarks>
public sealed class DialTargets
{
    internal const string Key = "Routing:Targets";
    internal const string ReferKey = "Routing:ReferTargets";
    private const string Any = "*";
    private const string RefusedNumber = "the number '";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _domains = [];
    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly NumberTargets _numbers = new();
    private readonly TrunkTable? _trunks;
    private readonly string _key;
    private readonly bool _isAny;

    /// <summary>Reads the configured hosts.</summary>
    /// <param name="key">The configuration's key, for errors and evidence.</param>
    /// <param name="configured">Host names, <c>*.example.com</c> for all below a domain, addresses, networks, or <c>*</c> for every host; <c>tel:+49</c> and <c>!tel:+4990</c> for numbers.</param>
    /// <exception cref="TelephonyOptionsException">An entry is none of these.</exception>
    public DialTargets(string key, IReadOnlyList<string> configured)
    {
        _key = key;
        for (int i = 0; i < configured.Count; i++)
        {
            string entry = configured[i].Trim();
            if (entry == Any)
                _isAny = true;
            else if (NumberTargets.IsNumber(entry))
                AddNumber(i, entry);
            else if (NetworkText.TryParse(entry.Trim('[', ']'), out var network))
                _networks.Add(network);
            else if (entry.StartsWith("*.", StringComparison.Ordinal) && IsName(entry[2..]))
                _domains.Add(entry[1..].TrimEnd('.'));
            else if (IsName(entry))
                _names.Add(entry.TrimEnd('.'));
            else
                throw new TelephonyOptionsException($"{key}:{i}", configured[i], "expected a host such as pbx.example.com, *.example.com, 192.0.2.7 or 10.0.0.0/8, without scheme and port, or how numbers begin, such as tel:+49 and !tel:+4990");
        }
    }

    internal DialTargets(string key, IReadOnlyList<string> configured, TrunkTable trunks)
        : this(key, configured)
    {
        _trunks = trunks;
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
        if (!target.IsGiven && _numbers.IsEmpty && target.Trunk is { Targets: null })
            return null;
        // The host that the request names, and the maddr, which comes before it: with this node when it sends to the URI itself, with the next server when it goes by
        // way of an endpoint (RFC 3261 §16.5).
        var (user, host, maddr) = PartsOf(target.RequestUri);
        // A URI that was made here of a number and an endpoint's own host names nobody else's.
        if (target.IsGiven && WhyNotHost(target, host, maddr, address) is { } whyNot)
            return whyNot;
        if (_numbers.Refused(user) is { } number)
            return Refusal(number, _key);
        // Whoever writes an endpoint's host into a URI calls by way of it, even where no endpoint was named.
        return RefusedBy(target.Trunk is { } named ? [named] : _trunks?.ReachedAt(maddr ?? host, target.Address.Port, address) ?? [], user);
    }

    /// <summary>Why a URI must not be given to others to dial; null when it may.</summary>
    internal string? WhyNot(string uri)
    {
        var (user, host, maddr) = PartsOf(uri);
        if (!Allows(host))
            return HostRefusal(host, null);
        if (maddr is not null && !Allows(maddr))
            return HostRefusal(maddr, null);
        return WhyNotNumber(uri);
    }

    /// <summary>Why a number must not be given to others to dial, whatever the host of its URI; null when it may.</summary>
    internal string? WhyNotNumber(string uri) => _numbers.Refused(PartsOf(uri).User) is { } number ? Refusal(number, _key) : null;

    /// <summary>Why a number must not be called by way of an endpoint, whoever dials it; null when it may.</summary>
    /// <param name="uri">Its URI.</param>
    /// <param name="asked">The trunk that is asked to dial it; those that are reached where the URI leads count besides.</param>
    internal string? WhyNotByEndpoint(string uri, Trunk asked)
    {
        var (user, host, maddr) = PartsOf(uri);
        int port = OutboundAddress.TryParse(uri, out var address, out _) ? address!.Port : 0;
        return RefusedBy([asked, .. _trunks?.ReachedAt(maddr ?? host, port, null) ?? []], user);
    }

    private static string? RefusedBy(IEnumerable<Trunk> trunks, byte[] user)
    {
        foreach (var trunk in trunks)
        {
            if (trunk.Targets is { } its && its._numbers.Refused(user) is { } refused)
                return Refusal(refused, its._key);
        }
        return null;
    }

    private string? WhyNotHost(InviteTarget target, string host, string? maddr, IPAddress? address)
    {
        bool isDirect = target.Trunk is null;
        bool isHostNext = isDirect && maddr is null;
        var more = target.Trunk?.Targets;
        if (!Allows(host) && more?.Allows(host) != true && !(isHostNext && MayResolve(host, address)))
            return HostRefusal(host, isHostNext ? address : null);
        return maddr is null || Allows(maddr) || more?.Allows(maddr) == true || (isDirect && MayResolve(maddr, address)) ? null : HostRefusal(maddr, isDirect ? address : null);
    }

    /// <summary>The number that was refused, in the words of a refusal; null when it was a host.</summary>
    public static string? NumberOf(string? refusal)
    {
        int begin = refusal?.IndexOf(RefusedNumber, StringComparison.Ordinal) ?? -1;
        if (begin < 0)
            return null;
        begin += RefusedNumber.Length;
        int end = refusal!.IndexOf('\'', begin);
        return end < 0 ? null : refusal[begin..end];
    }

    /// <summary>The entry by which the very number of a URI may be called; null when it has none.</summary>
    public static string? EntryOf(string uri) => NumberTargets.Of(PartsOf(uri).User) is { } number && new NumberTargets().TryAdd($"tel:{number}") ? $"tel:{number}" : null;

    /// <summary>Whether the entry is about numbers, and not about hosts.</summary>
    public static bool IsNumberEntry(string entry) => NumberTargets.IsNumber(entry.Trim());

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

    private static string Refusal(string number, string key) => $"{RefusedNumber}{CustomHeaders.Shown(number)}' is not among those of {key}; add how it begins there, such as tel:+49, if it may be called";

    private string HostRefusal(string host, IPAddress? address)
    {
        string where = address is null || host == address.ToString() ? $"'{host}'" : $"'{host}' ({address})";
        return $"the host {where} is no outbound endpoint's and not on {_key}; add it there if calls may go to it";
    }

    private void AddNumber(int i, string entry)
    {
        if (!_numbers.TryAdd(entry))
            throw new TelephonyOptionsException($"{_key}:{i}", entry, "expected how numbers begin, such as tel:+49, or !tel:+4990 for those that may not be called");
    }

    private void Add(string host)
    {
        if (IPAddress.TryParse(host, out var address))
            _addresses.Add(NetworkText.Plain(address));
        else
            _names.Add(host.TrimEnd('.'));
    }

    private static (byte[] User, string Host, string? Maddr) PartsOf(string uri)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(uri), out var parsed))
            return ([], "", null);
        string? maddr = parsed.TryGetParameter("maddr"u8, out var value) && !value.IsEmpty ? SipText.Get(value).Trim('[', ']') : null;
        return (parsed.User.ToArray(), SipText.Get(parsed.Host), maddr);
    }

    private static bool IsName(string text) => Uri.CheckHostName(text) == UriHostNameType.Dns;
}
