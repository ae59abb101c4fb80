using System.Net;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tests.Resolving;

/// <summary>What is asked of name servers for a URI, and which servers come of the answers. No name server, no clock.</summary>
public sealed class ServerSearchTests
{
    private static readonly LocalTransports s_all = Local(TransportProtocol.Udp, TransportProtocol.Tcp, TransportProtocol.Tls);

    private readonly Dictionary<string, DnsAnswer> _records = [];
    private readonly List<string> _asked = [];

    [Theory]
    [Trait("RFC", "3263 §4.1")]
    [InlineData("192.0.2.7", null, null, false, "udp:192.0.2.7:5060")]
    [InlineData("192.0.2.7", 5070, null, false, "udp:192.0.2.7:5070")]
    [InlineData("192.0.2.7", null, TransportProtocol.Tcp, false, "tcp:192.0.2.7:5060")]
    [InlineData("192.0.2.7", null, null, true, "tls:192.0.2.7:5061")]
    [InlineData("2001:db8::7", null, null, false, "udp:[2001:db8::7]:5060")]
    public void An_address_says_all_and_nobody_is_asked(string host, int? port, TransportProtocol? transport, bool isSecure, string server)
    {
        Assert.Equal([server], Find(new ServerQuery(host, port, transport, isSecure)));
        Assert.Empty(_asked);
    }

    [Theory]
    [Trait("RFC", "7118 §5.5")]
    [InlineData(false, "ws:192.0.2.1:80")]
    [InlineData(true, "wss:192.0.2.1:443")]
    public void A_server_of_WebSocket_is_found_by_its_host_alone(bool isSecure, string server)
    {
        Address("web.example", "192.0.2.1");
        Assert.Equal([server], Find(new ServerQuery("web.example", null, isSecure ? TransportProtocol.Wss : TransportProtocol.Ws, isSecure), Local(TransportProtocol.Ws, TransportProtocol.Wss)));
        Assert.Equal(["A of web.example"], _asked);
    }

    [Theory]
    [Trait("RFC", "3263 §4.1")]
    [Trait("RFC", "3263 §4.2")]
    [InlineData(null, false, "udp:192.0.2.1:5070")]
    [InlineData(TransportProtocol.Tcp, false, "tcp:192.0.2.1:5070")]
    [InlineData(null, true, "tls:192.0.2.1:5070")]
    public void A_port_leaves_only_the_addresses_to_be_asked_for(TransportProtocol? transport, bool isSecure, string server)
    {
        Address("pbx.example", "192.0.2.1");
        Assert.Equal([server], Find(new ServerQuery("pbx.example", 5070, transport, isSecure)));
        Assert.Equal(["A of pbx.example"], _asked);
    }

    [Fact]
    [Trait("RFC", "3263 §4.1")]
    [Trait("RFC", "3403 §4.1")]
    public void NAPTR_chooses_the_transport_by_order_and_then_by_preference_among_those_we_have()
    {
        Naptr("example", (50, 50, "SIPS+D2T", "_sips._tcp.example"), (90, 50, "SIP+D2T", "_sip._tcp.far.example"), (90, 10, "SIP+D2U", "_sip._udp.near.example"), (100, 1, "SIP+D2U", "_sip._udp.last.example"));
        Srv("_sip._udp.near.example", (0, 0, 5071, "a.example"));
        Srv("_sip._tcp.far.example", (0, 0, 5072, "b.example"));
        Address("a.example", "192.0.2.1");
        Address("b.example", "192.0.2.2");
        // Without TLS the first order has nothing for us.
        Assert.Equal(["udp:192.0.2.1:5071", "tcp:192.0.2.2:5072"], Find(new ServerQuery("example", null, null, false), Local(TransportProtocol.Udp, TransportProtocol.Tcp)));
        Assert.Equal(["NAPTR of example", "SRV of _sip._udp.near.example", "SRV of _sip._tcp.far.example", "A of a.example", "A of b.example"], _asked);
    }

    [Fact]
    [Trait("RFC", "3263 §4.1")]
    public void A_sips_URI_goes_over_TLS_alone()
    {
        Naptr("example", (1, 1, "SIP+D2U", "_sip._udp.example"), (2, 1, "SIP+D2T", "_sip._tcp.example"), (3, 1, "SIPS+D2T", "_sips._tcp.example"));
        Srv("_sip._udp.example", (0, 0, 5060, "a.example"));
        Srv("_sips._tcp.example", (0, 0, 5061, "a.example"));
        Address("a.example", "192.0.2.1");
        Assert.Equal(["tls:192.0.2.1:5061"], Find(new ServerQuery("example", null, null, true)));
        _records.Remove("NAPTR of example");
        _asked.Clear();
        Assert.Equal(["tls:192.0.2.1:5061"], Find(new ServerQuery("example", null, null, true)));
        Assert.Equal(["NAPTR of example", "SRV of _sips._tcp.example", "A of a.example"], _asked);
    }

    [Fact]
    [Trait("RFC", "3403 §4.1")]
    public void A_service_whose_record_leads_nowhere_leaves_the_next_one()
    {
        Naptr("example", (1, 1, "SIP+D2T", "_sip._tcp.example"), (2, 1, "SIP+D2U", "_sip._udp.example"), (0, 1, "E2U+sip", ""));
        Srv("_sip._udp.example", (0, 0, 5060, "a.example"));
        Address("a.example", "192.0.2.1");
        Assert.Equal(["udp:192.0.2.1:5060"], Find(new ServerQuery("example", null, null, false)));
    }

    [Fact]
    [Trait("RFC", "3263 §4.1")]
    public void Without_NAPTR_the_servers_of_each_transport_we_have_are_asked_for()
    {
        Srv("_sip._tcp.example", (0, 0, 5072, "a.example"));
        Srv("_sips._tcp.example", (0, 0, 5073, "a.example"));
        Address("a.example", "192.0.2.1");
        Assert.Equal(["tcp:192.0.2.1:5072", "tls:192.0.2.1:5073"], Find(new ServerQuery("example", null, null, false)));
        Assert.Equal(["NAPTR of example", "SRV of _sip._udp.example", "SRV of _sip._tcp.example", "SRV of _sips._tcp.example", "A of a.example"], _asked);
    }

    [Theory]
    [Trait("RFC", "3263 §4.2")]
    [InlineData(TransportProtocol.Udp, "_sip._udp.example", "udp")]
    [InlineData(TransportProtocol.Tcp, "_sip._tcp.example", "tcp")]
    [InlineData(TransportProtocol.Tls, "_sips._tcp.example", "tls")]
    public void A_transport_that_is_named_leaves_its_servers_to_be_asked_for(TransportProtocol transport, string service, string name)
    {
        Srv(service, (0, 0, 5099, "a.example"));
        Address("a.example", "192.0.2.1");
        Assert.Equal([$"{name}:192.0.2.1:5099"], Find(new ServerQuery("example", null, transport, false)));
        Assert.Equal([$"SRV of {service}", "A of a.example"], _asked);
    }

    [Fact]
    [Trait("RFC", "3263 §4.2")]
    public void Without_servers_the_hosts_own_addresses_and_the_default_port_are_left()
    {
        Address("example", "192.0.2.1", "192.0.2.2");
        Assert.Equal(["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"], Find(new ServerQuery("example", null, null, false)));
        Assert.Equal(["tcp:192.0.2.1:5060", "tcp:192.0.2.2:5060"], Find(new ServerQuery("example", null, TransportProtocol.Tcp, false)));
        Assert.Equal(["tls:192.0.2.1:5061", "tls:192.0.2.2:5061"], Find(new ServerQuery("example", null, null, true)));
    }

    [Fact]
    [Trait("RFC", "2782")]
    public void A_dot_as_the_only_target_says_that_the_service_is_not_offered()
    {
        Srv("_sip._udp.example", (0, 0, 0, ""));
        Address("example", "192.0.2.1");
        Assert.Empty(Find(new ServerQuery("example", null, TransportProtocol.Udp, false), out var found));
        Assert.Equal("example: SRV of _sip._udp.example says that it is not offered", found.WhyNone);
    }

    [Fact]
    public void Addresses_of_a_family_that_we_cannot_reach_are_not_asked_for()
    {
        Address("example", "192.0.2.1");
        _records["AAAA of example"] = new DnsAnswer { Status = DnsStatus.Found, Addresses = [IPAddress.Parse("2001:db8::1")] };
        var both = new LocalTransports([(TransportProtocol.Udp, false), (TransportProtocol.Udp, true)]);
        Assert.Equal(["udp:192.0.2.1:5060", "udp:[2001:db8::1]:5060"], Find(new ServerQuery("example", 5060, null, false), both));
        Assert.Equal(["udp:192.0.2.1:5060"], Find(new ServerQuery("example", 5060, null, false)));
    }

    [Fact]
    [Trait("RFC", "1034 §3.6.2")]
    public void An_alias_is_asked_for_under_the_name_that_it_stands_for_each_kind_by_itself()
    {
        Alias("NAPTR of example", "carrier.example");
        Naptr("carrier.example", (10, 10, "SIP+D2U", "_sip._udp.carrier.example"));
        Alias("SRV of _sip._udp.carrier.example", "_sip._udp.Elsewhere.example.");
        Srv("_sip._udp.elsewhere.example", (0, 0, 5071, "a.example"));
        Alias("A of a.example", "b.example");
        Alias("A of b.example", "c.example");
        Address("c.example", "192.0.2.1");
        Assert.Equal(["udp:192.0.2.1:5071"], Find(new ServerQuery("example", null, null, false)));
        Assert.Equal(
            ["NAPTR of example", "NAPTR of carrier.example", "SRV of _sip._udp.carrier.example", "SRV of _sip._udp.elsewhere.example", "A of a.example", "A of b.example", "A of c.example"], _asked);
    }

    [Fact]
    [Trait("RFC", "1034 §3.6.2")]
    public void Aliases_that_lead_in_a_circle_or_on_and_on_are_given_up_and_said()
    {
        Alias("A of a.example", "b.example");
        Alias("A of b.example", "a.example");
        Assert.Empty(Find(new ServerQuery("a.example", 5060, null, false), out var found));
        Assert.Equal("a.example: A: its CNAME leads to no end", found.WhyNone);
        Assert.Equal(["A of a.example", "A of b.example"], _asked);

        _asked.Clear();
        for (int i = 0; i < 100; i++)
            Alias($"A of n{i}.example", $"n{i + 1}.example");
        Assert.Empty(Find(new ServerQuery("n0.example", 5060, null, false)));
        Assert.Equal(9, _asked.Count);
    }

    [Fact]
    [Trait("RFC", "1034 §3.6.2")]
    public void An_alias_of_a_name_without_records_says_which_name_has_none()
    {
        Alias("A of a.example", "gone.example");
        Assert.Empty(Find(new ServerQuery("a.example", 5060, null, false), out var found));
        Assert.Equal("a.example: A of gone.example: no such name", found.WhyNone);
    }

    [Fact]
    public void What_the_name_servers_said_is_told_when_there_is_no_server()
    {
        Srv("_sip._udp.example", (0, 0, 5060, "gone.example"));
        _records["A of gone.example"] = DnsAnswer.Failed("server failure of 192.0.2.53:53");
        Assert.Empty(Find(new ServerQuery("example", null, null, false), out var found, Local(TransportProtocol.Udp)));
        Assert.Equal("example: NAPTR: no such name, A of gone.example: server failure of 192.0.2.53:53", found.WhyNone);
    }

    [Fact]
    public void A_name_server_that_is_silent_is_asked_once_and_the_address_may_be_known_otherwise()
    {
        _records["NAPTR of example"] = DnsAnswer.Silent("no answer of 192.0.2.53:53");
        Address("example", "192.0.2.1");
        Assert.Equal(["udp:192.0.2.1:5060"], Find(new ServerQuery("example", null, null, false)));
        Assert.Equal(["NAPTR of example", "A of example"], _asked);
    }

    [Fact]
    [Trait("RFC", "6761 §6.3")]
    public void This_machine_is_no_affair_of_name_servers()
    {
        Address("localhost", "127.0.0.1");
        Assert.Equal(["udp:127.0.0.1:5060"], Find(new ServerQuery("localhost", null, null, false)));
        Assert.Equal(["A of localhost"], _asked);
    }

    private static LocalTransports Local(params TransportProtocol[] protocols) => new(protocols.Select(p => (p, false)));

    private void Alias(string question, string name) => _records[question] = new DnsAnswer { Status = DnsStatus.Found, Alias = name };

    private void Address(string name, params string[] addresses) =>
        _records[$"A of {name}"] = new DnsAnswer { Status = DnsStatus.Found, Addresses = [.. addresses.Select(IPAddress.Parse)] };

    private void Srv(string name, params (int Priority, int Weight, int Port, string Target)[] servers) =>
        _records[$"SRV of {name}"] = new DnsAnswer { Status = DnsStatus.Found, Servers = [.. servers.Select(s => new SrvRecord(s.Priority, s.Weight, s.Port, s.Target))] };

    private void Naptr(string name, params (int Order, int Preference, string Service, string Name)[] services) =>
        _records[$"NAPTR of {name}"] = new DnsAnswer { Status = DnsStatus.Found, Services = [.. services.Select(s => new NaptrRecord(s.Order, s.Preference, "s", s.Service, s.Name))] };

    private IEnumerable<string> Find(ServerQuery query, LocalTransports? local = null) => Find(query, out _, local);

    private IEnumerable<string> Find(ServerQuery query, out FoundServers found, LocalTransports? local = null)
    {
        var search = new ServerSearch(query, local ?? s_all);
        while (search.Questions.Count > 0)
        {
            foreach (var question in search.Questions.ToArray())
            {
                _asked.Add(question.ToString());
                search.Take(question, _records.GetValueOrDefault(question.ToString()) ?? DnsAnswer.None("no such name"));
            }
        }
        found = search.Result!;
        return found.InOrder(RandomSource.FromSeed(1)).Select(s => s.ToString());
    }
}
