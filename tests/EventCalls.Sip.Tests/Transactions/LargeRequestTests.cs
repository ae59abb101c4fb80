using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Sip.Tests.Transport;
using EventCalls.Sip.Transactions;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transactions;

/// <summary>Requests that are too large for a datagram.</summary>
[Trait("RFC", "3261 §18.1.1")]
public sealed class LargeRequestTests
{
    private static readonly Content s_large = new("application/sdp", (byte[])[.. SipPair.Offer.Body.ToArray(), .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a=x-candidate:0123456789\r\n", 60)))]);

    private readonly SipPair _pair = new();

    private VirtualNetwork Network => _pair.Network;

    [Fact]
    public void A_large_INVITE_goes_over_TCP_with_TCP_in_its_Via_and_the_rest_of_the_call_where_the_Contact_says()
    {
        var caller = Answered();
        Assert.Equal(["TCP"], Transports("INVITE"));
        // It was asked over TCP, and its Contact says so.
        Assert.Equal(["TCP"], Transports("ACK"));
        caller.ReInvite(s_large, null, _pair.A);
        Network.Run(50);
        Assert.Equal(["TCP", "TCP"], Transports("INVITE"));
        caller.Request(SipMethod.Info, new Content("text/plain", new byte[1_400]), null, _pair.A);
        caller.Bye();
        Network.Run(50);
        Assert.Equal(["TCP"], Transports("INFO"));
        Assert.Equal(["TCP"], Transports("BYE"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    public void A_small_one_stays_with_UDP_and_so_does_a_large_one_to_a_peer_that_must_not_be_asked_by_TCP()
    {
        _pair.Call();
        _pair.A.UsesTcp = false;
        _pair.Call(s_large);
        Assert.Equal(["UDP", "UDP"], Transports("INVITE"));
    }

    [Fact]
    public void When_TCP_is_refused_it_goes_by_UDP_and_the_next_ones_at_once_until_ten_minutes_later()
    {
        _pair.Call(s_large);
        Refuse();
        Network.Run(50);
        Assert.Equal(["TCP", "UDP"], Transports("INVITE"));
        Assert.Single(_pair.B.Incoming);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal("answered 200", _pair.A.Log[^1]);
        // It is repeated as any datagram is.
        Network.Lose = s => s.Kind == "INVITE";
        _pair.Call(s_large);
        Network.Run(600);
        Assert.Equal(["TCP", "UDP", "UDP", "UDP"], Transports("INVITE"));
        Network.Lose = null;
        Network.Run(600_000);
        _pair.Call(s_large);
        Assert.Equal("TCP", Transports("INVITE")[^1]);
    }

    [Fact]
    public void When_nothing_is_heard_over_TCP_for_two_seconds_it_goes_by_UDP()
    {
        Network.Lose = s => s.Text.Contains("SIP/2.0/TCP", StringComparison.Ordinal);
        _pair.Call(s_large);
        Network.Run(1_990);
        Assert.Equal(["TCP"], Transports("INVITE"));
        Network.Run(50);
        Assert.Equal(["TCP", "UDP"], Transports("INVITE"));
        Assert.Equal("invite", _pair.B.Log[^1]);
    }

    [Fact]
    public void A_connection_that_fails_after_something_was_heard_fails_the_request_as_ever()
    {
        _pair.Call(s_large);
        Network.Run(50);
        Refuse();
        Assert.Equal(["TCP"], Transports("INVITE"));
        Assert.Equal("no response TransportError", _pair.A.Log[^1]);
    }

    [Fact]
    public void The_CANCEL_and_the_ACK_of_a_refusal_go_where_their_INVITE_went()
    {
        var caller = _pair.Call(s_large);
        Network.Run(50);
        caller.Cancel();
        Network.Run(50);
        Assert.Equal("failed 487", _pair.A.Log[^1]);
        Assert.Equal(["TCP"], Transports("CANCEL"));
        Assert.Equal(["TCP"], Transports("ACK"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    public void A_call_that_was_given_up_is_not_sent_by_UDP_when_TCP_is_refused_then()
    {
        Network.Lose = s => s.Kind == "INVITE";
        _pair.Call(s_large).Cancel();
        Refuse();
        Network.Run(50);
        Assert.Equal(["TCP"], Transports("INVITE"));
        _pair.AssertNothingLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_real_peer_gets_it_over_TCP_where_it_listens_and_else_by_UDP(bool listens)
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)udp.Client.LocalEndPoint!;
        using var tcp = new TcpListener(at);
        if (listens)
            tcp.Start();
        using var shard = new ShardFixture(new RecordingHandler(), null, "udp:127.0.0.1:0", "tcp:127.0.0.1:0");
        await shard.DoAsync(() => shard.Shard.Agent.Invite(
            new OutgoingInvite { Hop = shard.Shard.HopTo(TransportProtocol.Udp, at)!, RequestUri = $"sip:bob@{at}", From = "<sip:a@127.0.0.1>", To = "<sip:b@127.0.0.1>", Content = s_large },
            shard.Handler));
        string invite;
        if (listens)
        {
            using var peer = await TcpPeer.AcceptAsync(tcp);
            invite = await peer.ReceiveAsync("INVITE ");
        }
        else
        {
            invite = Encoding.ASCII.GetString((await udp.ReceiveAsync().WaitAsync(TcpPeer.Patience)).Buffer);
        }
        int port = shard.Shard.Listening[listens ? 1 : 0].EndPoint.Port;
        Assert.StartsWith($"SIP/2.0/{(listens ? "TCP" : "UDP")} 127.0.0.1:{port};", TcpPeer.Header(invite, "Via"), StringComparison.Ordinal);
        Assert.EndsWith("a=x-candidate:0123456789\r\n", invite, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_listener_for_TCP_everything_stays_with_UDP()
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)udp.Client.LocalEndPoint!;
        using var shard = new ShardFixture(new RecordingHandler(), null, "udp:127.0.0.1:0");
        await shard.DoAsync(() => shard.Shard.Agent.Invite(
            new OutgoingInvite { Hop = shard.Shard.HopTo(TransportProtocol.Udp, at)!, RequestUri = $"sip:bob@{at}", From = "<sip:a@127.0.0.1>", To = "<sip:b@127.0.0.1>", Content = s_large },
            shard.Handler));
        Assert.StartsWith("INVITE ", Encoding.ASCII.GetString((await udp.ReceiveAsync().WaitAsync(TcpPeer.Patience)).Buffer), StringComparison.Ordinal);
    }

    private OutgoingLeg Answered()
    {
        var caller = _pair.Call(s_large);
        Network.Run(50);
        _pair.B.Incoming[^1].Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        return caller;
    }

    /// <summary>Bob takes no connection.</summary>
    private void Refuse()
    {
        var hop = _pair.Alice.HopTo(_pair.Bob, TransportProtocol.Tcp);
        _pair.Alice.Forget(hop);
        _pair.Alice.Agent!.HopFailed(hop);
    }

    private List<string> Transports(string kind) => [.. Network.Log.Where(s => s.Kind == kind && s.From.Equals(_pair.Alice.EndPoint)).Select(s => s.Header("Via")!.Split('/', ' ')[2])];
}
