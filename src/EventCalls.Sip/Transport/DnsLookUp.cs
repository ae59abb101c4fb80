using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using EventCalls.Sip.Resolving;
using DnsQuestion = EventCalls.Sip.Resolving.DnsQuestion;
using SrvRecord = EventCalls.Sip.Resolving.SrvRecord;

namespace EventCalls.Sip.Transport;

/// <summary>Asks name servers, and the system's resolver for addresses where no name servers were given: then its hosts file and search domains count.</summary>
/// <remarks>Answers are not kept here. Safe from any thread.</remarks>
public sealed class DnsLookUp
{
    // Two tries of each server; who waits for a call has no more time.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private readonly SystemResolver? _system;
    private readonly Lazy<LookupClient> _client;

    /// <summary>A look-up that asks nobody yet.</summary>
    /// <param name="nameServers">The name servers, in the order in which they are tried; none: the system's.</param>
    /// <param name="system">The system's resolver.</param>
    public DnsLookUp(IReadOnlyList<IPEndPoint> nameServers, SystemResolver system)
    {
        _system = nameServers.Count == 0 ? system : null;
        // The system's are read when the first question needs one: few nodes have host names.
        _client = new Lazy<LookupClient>(() => new LookupClient(WithOptions(nameServers.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. nameServers]))));
    }

    /// <summary>Asks; what goes wrong is an answer too.</summary>
    public async Task<DnsAnswer> AskAsync(DnsQuestion question)
    {
        try
        {
            if (_system is { } system && question.Kind is DnsKind.A or DnsKind.Aaaa)
                return OfSystem(await system.LookUpAsync(question.Name).ConfigureAwait(false), question.Kind);
            return Of(question.Name, await _client.Value.QueryAsync(question.Name, TypeOf(question.Kind)).ConfigureAwait(false));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return DnsAnswer.None("no such name");
        }
        catch (DnsResponseException e) when (e.Code is DnsResponseCode.ConnectionTimeout)
        {
            return DnsAnswer.Silent($"no answer of {Servers()}");
        }
        catch (DnsResponseException e)
        {
            return DnsAnswer.Failed($"{e.DnsError} of {Servers()}");
        }
        catch (Exception e)
        {
            // An answer that is none makes the library throw whatever its reading runs into; a call must not hear of it otherwise than of a server that fails.
            return DnsAnswer.Failed(e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Reads the address of a name server: an address, with a port behind it or without; false when it is none.</summary>
    public static bool TryParse(string text, out IPEndPoint? server)
    {
        if (IPAddress.TryParse(text.Trim('[', ']'), out var address))
        {
            server = new IPEndPoint(address, NameServer.DefaultPort);
            return true;
        }
        return IPEndPoint.TryParse(text, out server) && server.Port > 0;
    }

    private static LookupClientOptions WithOptions(LookupClientOptions options)
    {
        options.UseCache = false;
        options.Timeout = s_timeout;
        options.Retries = 1;
        options.UseRandomNameServer = false;
        return options;
    }

    private static DnsAnswer OfSystem(IPAddress[] addresses, DnsKind kind)
    {
        var family = kind == DnsKind.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        IPAddress[] found = [.. addresses.Where(a => a.AddressFamily == family)];
        return found.Length > 0 ? new DnsAnswer { Status = DnsStatus.Found, Addresses = found } : DnsAnswer.None("no record");
    }

    private static DnsAnswer Of(string asked, IDnsQueryResponse response)
    {
        if (response.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain))
            return DnsAnswer.Failed($"{response.ErrorMessage} of {response.NameServer}");
        // Those of a name that a CNAME leads to are among them.
        var answers = response.Answers;
        var addresses = answers.AddressRecords().Select(r => r.Address).ToArray();
        var servers = answers.SrvRecords().Select(r => new SrvRecord(r.Priority, r.Weight, r.Port, NameOf(r.Target))).ToArray();
        var services = answers.NAPtrRecords().Select(r => new NaptrRecord(r.Order, r.Preference, r.Flags, r.Services, NameOf(r.Replacement))).ToArray();
        // A server that knows the alias and not what it stands for leaves the rest to who asks.
        if (addresses.Length + servers.Length + services.Length == 0 && response.Header.ResponseCode == DnsHeaderResponseCode.NoError && AliasOf(asked, response.Answers.CnameRecords()) is { } alias)
            return new DnsAnswer { Status = DnsStatus.Found, Alias = alias, Ttl = answers.CnameRecords().Min(r => r.InitialTimeToLive) };
        if (addresses.Length + servers.Length + services.Length == 0)
            return DnsAnswer.None(response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain ? "no such name" : "no record", NoneTtl(response));
        return new DnsAnswer { Status = DnsStatus.Found, Addresses = addresses, Servers = servers, Services = services, Ttl = answers.Min(r => r.InitialTimeToLive) };
    }

    /// <summary>The last name that the answer's CNAMEs lead to; null when they lead nowhere, or in a circle.</summary>
    private static string? AliasOf(string asked, IEnumerable<CNameRecord> records)
    {
        string last = asked;
        var aliases = records.ToList();
        while (aliases.Find(r => NameOf(r.DomainName).Equals(last, StringComparison.OrdinalIgnoreCase)) is { } next)
        {
            // Each leads on once.
            aliases.Remove(next);
            last = NameOf(next.CanonicalName);
        }
        return last.Length == 0 || last.Equals(asked, StringComparison.OrdinalIgnoreCase) ? null : last;
    }

    // RFC 2308 §5: the lesser of the SOA's own TTL and its last field.
    private static int? NoneTtl(IDnsQueryResponse response) =>
        response.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } soa ? (int)Math.Min(soa.InitialTimeToLive, soa.Minimum) : null;

    private static QueryType TypeOf(DnsKind kind) => kind switch
    {
        DnsKind.A => QueryType.A,
        DnsKind.Aaaa => QueryType.AAAA,
        DnsKind.Srv => QueryType.SRV,
        _ => QueryType.NAPTR,
    };

    private static string NameOf(DnsString name) => name.Value.TrimEnd('.');

    private string Servers() => string.Join(", ", _client.Value.NameServers.Select(s => s.ToString()));
}
