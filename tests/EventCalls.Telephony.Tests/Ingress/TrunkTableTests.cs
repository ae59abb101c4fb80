using System.Net;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class TrunkTableTests
{
    [Theory]
    [InlineData("10.1.2.3", "host")]
    [InlineData("10.1.2.4", "office")]
    [InlineData("10.1.3.4", "region")]
    [InlineData("::ffff:10.1.2.3", "host")]
    [InlineData("2001:db8::5", "six")]
    [InlineData("192.0.2.1", null)]
    [InlineData("2001:db9::5", null)]
    public void The_longest_prefix_wins(string address, string? trunk)
    {
        var table = new TrunkTable(
        [
            new TrunkOptions { Name = "region", From = ["10.1.0.0/16"] },
            new TrunkOptions { Name = "host", From = ["10.1.2.3"] },
            new TrunkOptions { Name = "office", From = ["10.1.2.0/24", "172.16.0.0/12"] },
            new TrunkOptions { Name = "six", From = ["2001:db8::/32"] },
        ]);
        Assert.Equal(trunk, table.BySource(IPAddress.Parse(address))?.Name);
    }

    [Theory]
    [InlineData("Trunks:x:From:0", "10.0.0.1/8", "")]
    [InlineData("Trunks:x:From:0", "300.0.0.1", "")]
    [InlineData("Trunks:x:From:0", "10.0.0.0/33", "")]
    [InlineData("Trunks:x:From:0", "example", "")]
    [InlineData("Trunks:x:From:0", "sip:example.com", "")]
    [InlineData("Trunks:x:To:0", "", "10.0.0.1:5060")]
    [InlineData("Trunks:x:To:0", "", "sips:10.0.0.1;transport=udp")]
    [InlineData("Trunks:x:To:0", "", "tel:+1")]
    [InlineData("Trunks:x:To:0", "", "sip:10.0.0.1;transport=sctp")]
    [InlineData("Trunks:x:To:0", "", "sip:10.0.0.1:0")]
    [InlineData("Trunks:x:To:0", "", "sip:10.0.0.1:99999")]
    [InlineData("Trunks:x:To:0", "", "sip:a_b c")]
    [InlineData("Trunks:x", "", "")]
    public void A_trunk_that_does_not_parse_is_said_by_its_key(string key, string from, string to)
    {
        var e = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "x", From = from.Length == 0 ? [] : [from], To = to.Length == 0 ? [] : [to] }]));
        Assert.Equal(key, e.Key);
        Assert.StartsWith("expected ", e.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_two_trunks_claim_and_a_name_used_twice_are_refused()
    {
        Assert.Equal("Trunks:b:From:0", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "a", From = ["10.0.0.0/8"] }, new TrunkOptions { Name = "b", From = ["10.0.0.0/8"] }])).Key);
        Assert.Equal("Trunks:a", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "a", From = ["10.0.0.0/8"] }, new TrunkOptions { Name = "a", To = ["sip:10.0.0.1"] }])).Key);
    }

    [Theory]
    [InlineData("192.0.2.7", null, "sbc.example.net")]
    [InlineData("198.51.100.7", null, "sbc.example.net")]
    [InlineData("192.0.2.8", "Sip.Example.NET", "sbc.example.net")]
    [InlineData("192.0.2.8", null, null)]
    [InlineData("192.0.2.7", "elsewhere.example.net", null)]
    public void The_names_a_peer_must_bear_are_those_of_its_trunk(string address, string? host, string? name)
    {
        var table = new TrunkTable([new TrunkOptions
        {
            Name = "x",
            From = ["192.0.2.7"],
            To = ["sips:sip.example.net", "sips:198.51.100.7"],
            TlsNames = ["sbc.example.net"],
        }]);
        Assert.Equal(name, table.TlsNamesOf(IPAddress.Parse(address), host)?.Single());
    }

    [Fact]
    public void Who_calls_from_anywhere_must_bear_a_name_only_where_nothing_else_makes_it_known()
    {
        TrunkOptions certified = new() { Name = "a", TlsNames = ["sbc.example.net"] }, known = new() { Name = "b", From = ["10.0.0.0/8"] };
        TrunkOptions token = new() { Name = "c", TokenHeader = "X-Token", Token = "long-enough" };
        IReadOnlyList<string>? Names(IPAddress address, params TrunkOptions[] trunks) => new TrunkTable(trunks).TlsNamesOf(address, null);
        Assert.Equal(["sbc.example.net"], Names(IPAddress.Parse("192.0.2.1"), certified, known));
        Assert.Null(Names(IPAddress.Parse("10.0.0.1"), certified, known));
        Assert.Null(Names(IPAddress.Parse("192.0.2.1"), certified, known, token));
        Assert.True(new TrunkTable([certified]).MayConnect(IPAddress.Parse("192.0.2.1")));
        Assert.False(new TrunkTable([certified]).Knows(IPAddress.Parse("192.0.2.1")));
        Assert.Equal("Trunks:d:TlsNames", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([certified, certified with { Name = "d" }])).Key);
    }

    [Fact]
    public void An_endpoint_with_a_host_name_may_connect_from_where_the_name_leads_now()
    {
        var table = new TrunkTable(
            [new TrunkOptions { Name = "in", From = ["10.0.0.0/8"] }, new TrunkOptions { Name = "out", To = ["sip:pbx.example;transport=tcp", "sip:192.0.2.9"] }]);
        var named = Assert.Single(table.Queries);
        Assert.Equal("pbx.example", named.Host);
        bool May(string address) => table.MayConnect(IPAddress.Parse(address));
        Assert.True(May("10.1.1.1"));
        Assert.True(May("192.0.2.9"));
        Assert.True(May("::ffff:192.0.2.9"));
        Assert.False(May("192.0.2.1"));
        table.Learn(named, [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")]);
        table.Learn(named with { Host = "other.example" }, [IPAddress.Parse("192.0.2.66")]);
        Assert.True(May("192.0.2.1"));
        Assert.True(May("2001:db8::1"));
        Assert.False(May("192.0.2.66"));
        table.Learn(named, [IPAddress.Parse("192.0.2.2")]);
        Assert.True(May("192.0.2.2"));
        Assert.False(May("192.0.2.1"));
        Assert.True(May("192.0.2.9"));
    }

    [Fact]
    public void A_trunk_that_calls_from_a_host_name_is_known_by_all_addresses_it_leads_to_unless_another_has_the_address()
    {
        var table = new TrunkTable(
            [new TrunkOptions { Name = "named", From = ["SIP.carrier.example"] }, new TrunkOptions { Name = "given", From = ["192.0.2.8", "192.0.2.0/24"] }]);
        string? Of(string address) => table.BySource(IPAddress.Parse(address))?.Name;
        Assert.Null(Of("198.51.100.1"));
        Assert.Equal(["sip.carrier.example", "sip.carrier.example"], table.Queries.Select(q => q.Host));
        table.Learn(table.Queries[0], [IPAddress.Parse("198.51.100.1"), IPAddress.Parse("192.0.2.7"), IPAddress.Parse("192.0.2.8")]);
        table.Learn(table.Queries[1], [IPAddress.Parse("2001:db8::1")]);
        Assert.Equal(["named", "named", "given", "given", "named"], new[] { "198.51.100.1", "192.0.2.7", "192.0.2.8", "192.0.2.9", "2001:db8::1" }.Select(Of));
        table.Learn(table.Queries[0], [IPAddress.Parse("198.51.100.2")]);
        Assert.Equal([null, "named", "given"], new[] { "198.51.100.1", "198.51.100.2", "192.0.2.7" }.Select(Of));
        Assert.Equal("Trunks:b:From:0", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "a", From = ["sip.example.com"] }, new TrunkOptions { Name = "b", From = ["SIP.example.com."] }])).Key);
    }

    [Fact]
    public void Half_a_pair_of_credentials_is_refused() =>
        Assert.Equal("Trunks:a:Password", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "a", To = ["sip:10.0.0.1"], UserName = "me" }])).Key);

    [Fact]
    public void The_only_outbound_endpoint_is_known_as_such()
    {
        Assert.Equal("out", new TrunkTable([new TrunkOptions { Name = "in", From = ["10.0.0.0/8"] }, new TrunkOptions { Name = "out", To = ["sip:10.0.0.1"] }]).OnlyOutbound?.Name);
        Assert.Null(new TrunkTable([new TrunkOptions { Name = "a", To = ["sip:10.0.0.1"] }, new TrunkOptions { Name = "b", To = ["sip:10.0.0.2"] }]).OnlyOutbound);
    }

    [Theory]
    [InlineData("sip:10.0.0.1", "sip:7@10.0.0.1", "10.0.0.1:5060")]
    [InlineData("sip:10.0.0.1:5080;transport=tcp", "sip:7@10.0.0.1:5080;transport=tcp", "10.0.0.1:5080")]
    [InlineData("sip:[2001:db8::1]:5070", "sip:7@[2001:db8::1]:5070", "[2001:db8::1]:5070")]
    [InlineData("sip:pbx.example;maddr=10.0.0.9", "sip:7@pbx.example", "10.0.0.9:5060")]
    [InlineData("sip:pbx.example:5070", "sip:7@pbx.example:5070", null)]
    public void An_address_gives_the_uri_of_a_number_and_the_next_hop(string uri, string number, string? endPoint)
    {
        Assert.True(OutboundAddress.TryParse(uri, out var address, out _));
        Assert.Equal(number, address!.UriOf("7"));
        Assert.Equal(endPoint, address.EndPoint?.ToString());
    }
}
