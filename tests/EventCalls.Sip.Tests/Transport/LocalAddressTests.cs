using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>What peers are told about where we are.</summary>
public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("udp:0.0.0.0:0", "127.0.0.1", "127.0.0.1")]
    [InlineData("udp:[::]:0", "::1", "[::1]")]
    [InlineData("tcp:0.0.0.0:0", "127.0.0.1", "127.0.0.1")]
    [InlineData("tcp:[::]:0", "::1", "[::1]")]
    [Trait("RFC", "3261 §18.1.1")]
    public async Task On_all_addresses_each_peer_is_told_the_one_it_is_spoken_to_from(string listen, string peer, string told)
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, listen);
        var to = new IPEndPoint(IPAddress.Parse(peer), 5099);
        var hop = await shard.DoAsync(() => shard.Shard.HopTo(shard.Shard.Listening[0].Protocol, to)!);
        int port = shard.Shard.Listening[0].EndPoint.Port;
        Assert.StartsWith($"sip:{told}:{port}", hop.ContactUri, StringComparison.Ordinal);
        Assert.Contains($" {told}:{port};rport", Encoding.ASCII.GetString(hop.ViaPrefix), StringComparison.Ordinal);
        Assert.Equal(told, hop.LocalHost);
        Assert.Equal(peer, hop.SessionAddress.ToString());
        Assert.Equal(peer, hop.Local.Address.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("[::]", "[::1]")]
    public async Task On_all_addresses_the_answer_to_a_datagram_names_the_address_it_is_sent_from(string any, string from)
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, $"udp:{any}:0");
        int port = shard.Shard.Listening[0].EndPoint.Port;
        using var peer = new UdpClient(IPEndPoint.Parse($"{from}:0"));
        await peer.SendAsync(Encoding.ASCII.GetBytes(Options("UDP", $"{from}:{((IPEndPoint)peer.Client.LocalEndPoint!).Port}") + "\r\n"), IPEndPoint.Parse($"{from}:{port}"));
        var answer = await peer.ReceiveAsync().WaitAsync(TcpPeer.Patience);
        Assert.Equal($"<sip:{from}:{port}>", TcpPeer.Header(Encoding.ASCII.GetString(answer.Buffer), "Contact"));
        Assert.Equal(IPEndPoint.Parse($"{from}:{port}"), answer.RemoteEndPoint);
    }

    [Theory]
    [InlineData("udp:0.0.0.0:0 advertise 203.0.113.5", "sip:203.0.113.5:{port}", "203.0.113.5")]
    [InlineData("udp:127.0.0.1:0 advertise 203.0.113.5:5080", "sip:203.0.113.5:5080", "203.0.113.5")]
    [InlineData("tcp:127.0.0.1:0 advertise [2001:db8::7]:5080", "sip:[2001:db8::7]:5080;transport=tcp", "2001:db8::7")]
    [InlineData("udp:127.0.0.1:0 advertise sip.example.com", "sip:sip.example.com:{port}", "127.0.0.1")]
    public async Task An_advertised_address_takes_the_place_of_the_real_one(string listen, string contact, string inSessions)
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, listen);
        var point = shard.Shard.Listening[0];
        var hop = await shard.DoAsync(() => shard.Shard.HopTo(point.Protocol, new IPEndPoint(IPAddress.Loopback, 5099))!);
        Assert.Equal(contact.Replace("{port}", point.EndPoint.Port.ToString(), StringComparison.Ordinal), hop.ContactUri);
        Assert.Equal(inSessions, hop.SessionAddress.ToString());
    }

    [Theory]
    [InlineData("udp:127.0.0.1:5060 advertise 0.0.0.0")]
    [InlineData("udp:127.0.0.1:5060 advertise ::")]
    [InlineData("udp:127.0.0.1:5060 advertise a b")]
    [InlineData("udp:127.0.0.1:5060 advertise 192.0.2.1:0")]
    [InlineData("udp:127.0.0.1:5060 advertise 192.0.2.1:99999")]
    [InlineData("udp:127.0.0.1:5060 advertise 192.0.2")]
    [InlineData("udp:127.0.0.1:5060 as 192.0.2.1")]
    public void What_cannot_be_advertised_is_refused(string text) => Assert.False(ListenPoint.TryParse(text, out _));

    [Fact]
    [Trait("RFC", "3261 §18")]
    public async Task The_listener_whose_address_leads_to_a_peer_is_the_one_it_is_told_of()
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, "udp:127.0.0.1:0", "udp:[::1]:0", "tcp:127.0.0.1:0", "tcp:[::1]:0", "udp:127.0.0.2:0");
        foreach (var protocol in new[] { TransportProtocol.Udp, TransportProtocol.Tcp })
        {
            foreach (var address in new[] { "127.0.0.1", "[::1]" })
            {
                var hop = await shard.DoAsync(() => shard.Shard.HopTo(protocol, IPEndPoint.Parse($"{address}:5099"))!);
                Assert.Equal(address, hop.LocalHost);
                Assert.StartsWith($"sip:{address}:", hop.ContactUri, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Without_a_listener_of_its_family_a_peer_is_not_reached()
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, "tcp:127.0.0.1:0", "udp:127.0.0.1:0");
        Assert.Null(await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Tcp, IPEndPoint.Parse("[::1]:5099"))));
        Assert.Null(await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Udp, IPEndPoint.Parse("[::1]:5099"))));
    }

    [Fact]
    [Trait("RFC", "3261 §18.2.2")]
    public async Task An_answer_leaves_from_the_listener_that_was_asked()
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, "udp:127.0.0.1:0", "udp:127.0.0.1:0");
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var asked = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        // No rport, and another port in Via: the answer goes elsewhere than the question came from.
        string text = Options("UDP", $"127.0.0.1:{((IPEndPoint)asked.Client.LocalEndPoint!).Port}").Replace(";rport", "", StringComparison.Ordinal);
        await peer.SendAsync(Encoding.ASCII.GetBytes(text + "\r\n"), shard.Shard.Listening[1].EndPoint);
        Assert.Equal(shard.Shard.Listening[1].EndPoint, (await asked.ReceiveAsync().WaitAsync(TcpPeer.Patience)).RemoteEndPoint);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [Trait("RFC", "5118 §4.5")]
    public async Task Received_names_an_IPv6_address_without_brackets(string protocol)
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, $"{protocol}:[::1]:0");
        string answer;
        if (protocol == "udp")
        {
            using var peer = new UdpClient(IPEndPoint.Parse("[::1]:0"));
            await peer.SendAsync(Encoding.ASCII.GetBytes(Options("UDP", "[2001:db8::9]:5060") + "\r\n"), shard.Shard.Listening[0].EndPoint);
            answer = Encoding.ASCII.GetString((await peer.ReceiveAsync().WaitAsync(TcpPeer.Patience)).Buffer);
        }
        else
        {
            using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
            await peer.SendRawAsync(Options("TCP", "[2001:db8::9]:5060") + "\r\n");
            answer = (await peer.ReceiveAsync())!;
        }
        Assert.Contains(";received=::1;rport=", TcpPeer.Header(answer, "Via"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::1", "0:0:0:0:0:0:0:1")]
    [InlineData("2001:db8::9", "2001:DB8:0::9")]
    public void An_IPv6_address_written_otherwise_is_the_same_address(string remote, string written)
    {
        var hop = new Hop(TransportProtocol.Udp, IPEndPoint.Parse("[::1]:5060"), new IPEndPoint(IPAddress.Parse(remote), 5060));
        var request = new EventCalls.Sip.Messages.SipMessage();
        EventCalls.Sip.Parsing.SipParser.Parse(Encoding.ASCII.GetBytes(Options("UDP", $"[{written}]:5060").Replace(";rport", "", StringComparison.Ordinal) + "\r\n"), request);
        var writer = new EventCalls.Sip.Messages.SipWriter();
        ResponseHead.Write(writer, request, hop);
        Assert.DoesNotContain("received", Encoding.ASCII.GetString(writer.Written), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_an_interface_is_told_to_nobody()
    {
        var hop = new Hop(TransportProtocol.Udp, new IPEndPoint(new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), 3), 5060), new IPEndPoint(new IPAddress(IPAddress.Parse("fe80::2").GetAddressBytes(), 3), 5060));
        Assert.Equal("sip:[fe80::1]:5060", hop.ContactUri);
        Assert.Equal("[fe80::2]", hop.RemoteHost);
        Assert.Equal("fe80::2", Encoding.ASCII.GetString(hop.ReceivedBytes));
        Assert.Equal("fe80::1", hop.SessionAddress.ToString());
    }

    internal static string Options(string transport, string sentBy) => $"""
        OPTIONS sip:x@127.0.0.1 SIP/2.0
        Via: SIP/2.0/{transport} {sentBy};rport;branch=z9hG4bKo
        Max-Forwards: 70
        From: <sip:a@127.0.0.1>;tag=a
        To: <sip:x@127.0.0.1>
        Call-ID: o
        CSeq: 1 OPTIONS
        Content-Length: 0

        """.ReplaceLineEndings("\r\n");
}
