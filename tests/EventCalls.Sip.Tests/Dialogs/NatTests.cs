using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Transport;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>Where requests within a dialog go when the peer stands behind a translation of addresses.</summary>
[Trait("RFC", "3581 §4, 5853 §3.4")]
public sealed class NatTests
{
    [Theory]
    [InlineData(NatUse.Off, "203.0.113.9", "192.168.1.5:5060", "192.168.1.5:5060")]
    [InlineData(NatUse.Auto, "203.0.113.9", "192.168.1.5:5060", "203.0.113.9:40001")]
    [InlineData(NatUse.Auto, "203.0.113.9", "100.64.0.7:5060", "203.0.113.9:40001")]
    [InlineData(NatUse.Auto, "203.0.113.9", "127.0.0.1:5060", "203.0.113.9:40001")]
    [InlineData(NatUse.Auto, "203.0.113.9", "0.0.0.0:5060", "203.0.113.9:40001")]
    [InlineData(NatUse.Auto, "203.0.113.9", "198.51.100.4:5060", "198.51.100.4:5060")]
    [InlineData(NatUse.Auto, "10.1.1.1", "192.168.1.5:5060", "192.168.1.5:5060")]
    [InlineData(NatUse.On, "10.1.1.1", "192.168.1.5:5060", "10.1.1.1:40001")]
    [InlineData(NatUse.On, "203.0.113.9", "phone.invalid", "203.0.113.9:40001")]
    [InlineData(NatUse.Off, "203.0.113.9", "198.51.100.4:0", "203.0.113.9:40001")]
    [InlineData(NatUse.Auto, "203.0.113.9", "203.0.113.9:0", "203.0.113.9:40001")]
    public void A_callers_BYE_goes_where_the_setting_says(NatUse nat, string source, string contact, string goesTo)
    {
        var network = new VirtualNetwork();
        var bob = network.AddHost("198.51.100.1:5060");
        var handler = new RecordingHandler();
        bob.Start(handler);
        var caller = network.AddHost($"{source}:40001");
        handler.Invited = (leg, _) => { leg.Nat = nat; leg.Answer(SipPair.Offer); };
        caller.Send(bob, Invite(contact, "Server: none"));
        network.Run(20);
        caller.Send(bob, Ack(caller.Received[^1], contact));
        network.Run(20);
        handler.Incoming[0].Bye();
        network.Run(20);
        Assert.Equal(goesTo, network.Log.Last(s => s.Kind == "BYE").To.ToString());
    }

    [Fact]
    public void A_proxy_on_the_way_is_asked_whatever_the_Contact_says()
    {
        var network = new VirtualNetwork();
        var bob = network.AddHost("198.51.100.1:5060");
        var handler = new RecordingHandler { Invited = (leg, _) => { leg.Nat = NatUse.On; leg.Answer(SipPair.Offer); } };
        bob.Start(handler);
        var caller = network.AddHost("203.0.113.9:40001");
        caller.Send(bob, Invite("192.168.1.5:5060", "Record-Route: <sip:203.0.113.20;lr>"));
        network.Run(20);
        caller.Send(bob, Ack(caller.Received[^1], "192.168.1.5:5060"));
        network.Run(20);
        handler.Incoming[0].Bye();
        network.Run(20);
        Assert.Equal("203.0.113.20:5060", network.Log.Last(s => s.Kind == "BYE").To.ToString());
    }

    [Theory]
    [InlineData(NatUse.Off, "192.168.77.5:5060")]
    [InlineData(NatUse.Auto, "203.0.113.9:5060")]
    public void A_target_with_a_private_Contact_is_acknowledged_and_ended_where_it_was_called(NatUse nat, string goesTo)
    {
        var network = new VirtualNetwork();
        var alice = network.AddHost("198.51.100.1:5060");
        var handler = new RecordingHandler();
        alice.Start(handler);
        var target = network.AddHost("203.0.113.9:5060");
        target.OnReceived = s =>
        {
            if (s.Kind == "INVITE")
                target.Send(alice, Ok(s, "192.168.77.5:5060"));
        };
        var leg = alice.Agent!.Invite(
            new OutgoingInvite { Hop = alice.HopTo(target), RequestUri = "sip:b@203.0.113.9", From = "<sip:a@198.51.100.1>", To = "<sip:b@203.0.113.9>", Content = SipPair.Offer, Nat = nat }, handler);
        network.Run(50);
        leg.Bye();
        network.Run(50);
        Assert.Equal([goesTo, goesTo], network.Log.Where(s => s.Kind is "ACK" or "BYE").DistinctBy(s => s.Kind).Select(s => s.To.ToString()));
    }

    [Theory]
    [InlineData(NatUse.On, true)]
    [InlineData(NatUse.Off, false)]
    public async Task A_real_peer_behind_a_translation_that_gave_it_another_port_is_reached_at_the_last_one(NatUse nat, bool isReached)
    {
        using var shard = new ShardFixture(new RecordingHandler { Invited = (leg, _) => { leg.Nat = nat; leg.Answer(SipPair.Offer); } }, null, "udp:127.0.0.1:0");
        var to = shard.Shard.Listening[0].EndPoint;
        using var before = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var after = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var listed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        string contact = $"127.0.0.1:{((IPEndPoint)listed.Client.LocalEndPoint!).Port}";
        await SendAsync(before, to, Invite(contact, "Server: none"));
        var ok = await ReceiveAsync(before, "SIP/2.0 200");
        await SendAsync(before, to, Ack(ok, contact));
        // Its next request comes from another port.
        await SendAsync(after, to, $"""
            INFO sip:bob@127.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 192.168.1.5:5060;rport;branch=z9hG4bKinfo
            Max-Forwards: 70
            From: {ok.Header("From")}
            To: {ok.Header("To")}
            Call-ID: {ok.Header("Call-ID")}
            CSeq: 2 INFO
            """);
        await ReceiveAsync(after, "SIP/2.0 200");
        await shard.DoAsync(() => { shard.Handler.Incoming[0].Bye(); return 0; });
        await ReceiveAsync(isReached ? after : listed, "BYE ");
    }

    private static string Invite(string contact, string header) => $"""
        INVITE sip:bob@198.51.100.1 SIP/2.0
        Via: SIP/2.0/UDP 192.168.1.5:5060;rport;branch=z9hG4bKi
        Max-Forwards: 70
        From: <sip:alice@example.com>;tag=a
        To: <sip:bob@example.com>
        Call-ID: nat
        CSeq: 1 INVITE
        Contact: <sip:alice@{contact}>
        {header}
        """;

    private static string Ack(Sent ok, string contact) => $"""
        ACK sip:bob@198.51.100.1 SIP/2.0
        Via: SIP/2.0/UDP 192.168.1.5:5060;rport;branch=z9hG4bKa
        Max-Forwards: 70
        From: {ok.Header("From")}
        To: {ok.Header("To")}
        Call-ID: {ok.Header("Call-ID")}
        CSeq: 1 ACK
        Contact: <sip:alice@{contact}>
        """;

    private static string Ok(Sent invite, string contact) => $"""
        SIP/2.0 200 OK
        Via: {invite.Header("Via")}
        From: {invite.Header("From")}
        To: {invite.Header("To")};tag=t
        Call-ID: {invite.Header("Call-ID")}
        CSeq: {invite.Header("CSeq")}
        Contact: <sip:b@{contact}>
        Content-Type: application/sdp

        {Encoding.ASCII.GetString(SipPair.Offer.Body.Span)}
        """;

    private static Task SendAsync(UdpClient from, IPEndPoint to, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n").TrimEnd() + "\r\nContent-Length: 0\r\n\r\n");
        return from.SendAsync(bytes, bytes.Length, to).WaitAsync(TcpPeer.Patience);
    }

    private static async Task<Sent> ReceiveAsync(UdpClient at, string start)
    {
        while (true)
        {
            string text = Encoding.ASCII.GetString((await at.ReceiveAsync().WaitAsync(TcpPeer.Patience)).Buffer);
            if (text.StartsWith(start, StringComparison.Ordinal))
                return new Sent(0, new IPEndPoint(0, 0), new IPEndPoint(0, 0), text);
        }
    }
}
