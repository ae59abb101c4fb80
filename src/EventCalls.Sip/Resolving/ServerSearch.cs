using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Resolving;

/// <summary>Finds the servers of a URI (RFC 3263 §4): says what must be asked, takes the answers, and says the servers when it has all it needs. Knows no socket and no clock.</summary>
internal sealed class ServerSearch
{
    private const int MostTargets = 16;

    // Name servers follow as many themselves; what leads on and on leads in a circle.
    private const int MostAliases = 8;

    private readonly ServerQuery _query;
    private readonly LocalTransports _local;
    private readonly Dictionary<DnsQuestion, DnsAnswer> _answers = [];
    private readonly List<DnsQuestion> _questions = [];
    private readonly List<string> _said = [];

    /// <summary>A search that has asked nothing yet.</summary>
    public ServerSearch(ServerQuery query, LocalTransports local)
    {
        _query = query;
        _local = local;
        Advance();
    }

    /// <summary>What must be answered now; empty when the servers are known.</summary>
    public IReadOnlyList<DnsQuestion> Questions => _questions;

    /// <summary>The servers; null as long as something must be answered.</summary>
    public FoundServers? Result { get; private set; }

    /// <summary>Takes an answer.</summary>
    public void Take(DnsQuestion question, DnsAnswer answer)
    {
        if (!_questions.Remove(question))
            return;
        _answers.Add(question, answer);
        if (_questions.Count == 0)
            Advance();
    }

    // What is known decides what is to be asked next, so it is gone through from the beginning with every answer more.
    private void Advance()
    {
        _said.Clear();
        var groups = new List<(TransportProtocol, IReadOnlyList<ServerTarget>)>();
        Find(groups);
        if (_questions.Count > 0)
            return;
        bool isFound = groups.Any(g => g.Item2.Any(t => t.Addresses.Count > 0));
        Result = new FoundServers(isFound ? groups : [], isFound ? null : $"{_query.Host}: {string.Join(", ", _said)}");
    }

    private TransportProtocol Default => _query.IsSecure ? (_query.Transport ?? TransportProtocol.Tls).Secured() : _query.Transport ?? TransportProtocol.Udp;

    private void Find(List<(TransportProtocol, IReadOnlyList<ServerTarget>)> groups)
    {
        // An address or a port says all that records could (§4.1, §4.2).
        if (IPAddress.TryParse(_query.Host, out var address))
        {
            groups.Add((Default, [new ServerTarget(0, 0, _query.Port ?? Default.DefaultPort(), [address])]));
            return;
        }
        bool isDeclined = false;
        bool isSilent = IsOfThisMachine(_query.Host);
        // A WebSocket server is found by its host alone, as browsers find it.
        if (_query.Port is null && !isSilent && !Default.IsWebSocket())
        {
            if (_query.Transport is null)
            {
                if (Ask(DnsQuestion.Of(_query.Host, DnsKind.Naptr)) is not { } naptr)
                    return;
                isSilent = naptr.Status == DnsStatus.Silent;
                if (FindByService(naptr.Services, groups))
                    return;
            }
            // Who does not answer at all is not asked twice more: the call waits.
            if (!isSilent && FindByServers(_query.Transport is null ? [.. Candidates()] : [Default], groups, out isDeclined))
                return;
        }
        if (!isDeclined)
            groups.Add((Default, [new ServerTarget(0, 0, _query.Port ?? Default.DefaultPort(), AddressesOf(_query.Host, Default))]));
    }

    /// <summary>NAPTR: the services of the lowest order that we can use, the preferred first (§4.1). True when the search ends or waits there.</summary>
    private bool FindByService(IReadOnlyList<NaptrRecord> services, List<(TransportProtocol, IReadOnlyList<ServerTarget>)> groups)
    {
        var usable = from record in services
                     where record.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && ProtocolOf(record.Service) is { } protocol && _local.Has(protocol)
                     orderby record.Preference
                     group (Protocol: ProtocolOf(record.Service)!.Value, Name: record.Replacement) by record.Order into order
                     orderby order.Key
                     select order.ToList();
        foreach (var order in usable)
        {
            // All of one order are asked for at once; a further order counts only where this one leads nowhere (RFC 3403 §4.1).
            foreach (var (protocol, name) in order)
                TryAddServers(protocol, name, groups, out _);
            if (_questions.Count > 0 || groups.Count > 0)
                return true;
        }
        return false;
    }

    private bool FindByServers(IReadOnlyList<TransportProtocol> protocols, List<(TransportProtocol, IReadOnlyList<ServerTarget>)> groups, out bool isDeclined)
    {
        isDeclined = false;
        foreach (var protocol in protocols)
        {
            if (!TryAddServers(protocol, $"{ServiceOf(protocol)}.{_query.Host}", groups, out bool declined) && protocol == Default)
                isDeclined = declined;
        }
        return _questions.Count > 0 || groups.Count > 0;
    }

    private bool TryAddServers(TransportProtocol protocol, string name, List<(TransportProtocol, IReadOnlyList<ServerTarget>)> groups, out bool isDeclined)
    {
        isDeclined = false;
        if (Ask(DnsQuestion.Of(name, DnsKind.Srv)) is not { } answer)
            return false;
        // A lone dot as the target: the service is decidedly not offered there (RFC 2782).
        isDeclined = answer.Servers is [{ Target: "" }];
        if (isDeclined)
            _said.Add($"SRV of {name} says that it is not offered");
        // Nothing listens on port 0.
        if (isDeclined || answer.Servers.All(s => s.Port == 0))
            return false;
        var targets = answer.Servers.Where(s => s.Port != 0).OrderBy(s => s.Priority).Take(MostTargets)
            .Select(s => new ServerTarget(s.Priority, s.Weight, s.Port, IPAddress.TryParse(s.Target, out var address) ? [address] : AddressesOf(s.Target, protocol)))
            .ToList();
        groups.Add((protocol, targets));
        return true;
    }

    private List<IPAddress> AddressesOf(string name, TransportProtocol protocol)
    {
        var found = new List<IPAddress>();
        bool both = !_local.Has(protocol);
        if (both || _local.Has(protocol, isIPv6: false))
            found.AddRange(Ask(DnsQuestion.Of(name, DnsKind.A))?.Addresses ?? []);
        if (both || _local.Has(protocol, isIPv6: true))
            found.AddRange(Ask(DnsQuestion.Of(name, DnsKind.Aaaa))?.Addresses ?? []);
        return found;
    }

    // A name that is another's is asked for under that one (RFC 1034 §3.6.2); each answer is kept for its own time.
    private DnsAnswer? Ask(DnsQuestion question)
    {
        DnsAnswer? answer;
        for (int aliases = 0; ; aliases++)
        {
            if (!_answers.TryGetValue(question, out answer))
            {
                if (!_questions.Contains(question))
                    _questions.Add(question);
                return null;
            }
            if (answer.Alias is not { } alias)
                break;
            if (aliases == MostAliases)
            {
                answer = DnsAnswer.None("its CNAME leads to no end");
                break;
            }
            question = DnsQuestion.Of(alias, question.Kind);
        }
        if (answer.Status != DnsStatus.Found)
            _said.Add($"{question.Kind.ToString().ToUpperInvariant()}{(question.Name.Equals(_query.Host, StringComparison.OrdinalIgnoreCase) ? "" : $" of {question.Name}")}: {answer.Said}");
        return answer;
    }

    /// <summary>The transports whose SRV records are asked for, in the order in which we like them (§4.1).</summary>
    private IEnumerable<TransportProtocol> Candidates() =>
        (_query.IsSecure ? [TransportProtocol.Tls] : new[] { TransportProtocol.Udp, TransportProtocol.Tcp, TransportProtocol.Tls }).Where(_local.Has).DefaultIfEmpty(Default);

    private TransportProtocol? ProtocolOf(string service) => service.ToUpperInvariant() switch
    {
        "SIPS+D2T" => TransportProtocol.Tls,
        "SIP+D2T" when !_query.IsSecure => TransportProtocol.Tcp,
        "SIP+D2U" when !_query.IsSecure => TransportProtocol.Udp,
        _ => null,
    };

    private static string ServiceOf(TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Udp => "_sip._udp",
        TransportProtocol.Tcp => "_sip._tcp",
        _ => "_sips._tcp",
    };

    // No name server knows it (RFC 6761 §6.3).
    private static bool IsOfThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
