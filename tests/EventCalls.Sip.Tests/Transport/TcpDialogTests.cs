using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Sip.Transactions;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>Where the requests of a dialog go over TCP.</summary>
[Trait("RFC", "3261 §12.2.1.1")]
public sealed class TcpDialogTests : IDisposable
{
    private readonly ShardFixture _shard = new(new RecordingHandler(), null, "tcp:127.0.0.1:0", "udp:127.0.0.1:0");
    private readonly TcpListener _first = new(IPAddress.Loopback, 0);
    private readonly TcpListener _second = new(IPAddress.Loopback, 0);

    public TcpDialogTests()
    {
        _first.Start();
        _second.Start();
    }

    private IPEndPoint First => (IPEndPoint)_first.LocalEndpoint;

    private IPEndPoint Second => (IPEndPoint)_second.LocalEndpoint;

    [Theory]
    [InlineData("Record-Route: <sip:127.0.0.1:{0};transport=tcp;lr>", "<sip:bob@127.0.0.1:9>")]
    [InlineData("Record-Route: <sip:127.0.0.1:{0};lr>", "<sip:bob@127.0.0.1:9>")]
    [InlineData("Server: none", "<sip:bob@127.0.0.1:{0};transport=tcp>")]
    [InlineData("Server: none", "<sip:bob@127.0.0.1:{0}>")]
    [InlineData("Server: none", "<sip:bob@pbx.invalid:{0};maddr=127.0.0.1>")]
    public async Task ACK_and_BYE_follow_the_route_set_or_the_Contact_to_another_connection(string header, string contact)
    {
        var leg = await CallAsync();
        using var called = await TcpPeer.AcceptAsync(_first);
        await AnswerAsync(called, string.Format(null, header, Second.Port), string.Format(null, contact, Second.Port));
        using var next = await TcpPeer.AcceptAsync(_second);
        Assert.StartsWith("ACK ", await next.ReceiveAsync(), StringComparison.Ordinal);
        await _shard.DoAsync(() => { leg.Bye(); return 0; });
        Assert.StartsWith("BYE ", await next.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_takes_no_connection_is_reached_over_the_one_that_is_open()
    {
        _second.Stop();
        var leg = await CallAsync();
        using var called = await TcpPeer.AcceptAsync(_first);
        await AnswerAsync(called, "Server: none", $"<sip:bob@127.0.0.1:{Second.Port};transport=tcp>");
        Assert.StartsWith("ACK ", await called.ReceiveAsync(), StringComparison.Ordinal);
        await _shard.DoAsync(() => { leg.Bye(); return 0; });
        Assert.StartsWith("BYE ", await called.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_went_over_an_open_connection_instead_fails_with_it()
    {
        _second.Stop();
        var leg = await CallAsync();
        using (var called = await TcpPeer.AcceptAsync(_first))
        {
            await AnswerAsync(called, "Server: none", $"<sip:bob@127.0.0.1:{Second.Port};transport=tcp>");
            await called.ReceiveAsync("ACK ");
            await _shard.DoAsync(() => leg.Request(EventCalls.Sip.Messages.SipMethod.Info, null, null, _shard.Handler));
            await called.ReceiveAsync("INFO ");
        }
        await _shard.UntilAsync(() => _shard.Handler.Log.Contains("Info no response TransportError"));
    }

    [Fact]
    public async Task A_callers_BYE_goes_where_its_Contact_listens()
    {
        using var caller = await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint);
        await InviteAsync(caller, $"127.0.0.1:{caller.Local.Port}", $"sip:alice@127.0.0.1:{Second.Port};transport=tcp");
        await _shard.DoAsync(() => { _shard.Handler.Incoming[0].Bye(); return 0; });
        using var listening = await TcpPeer.AcceptAsync(_second);
        Assert.StartsWith("BYE ", await listening.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.55:5060", "sip:alice@192.0.2.55:5060;transport=tcp")]
    [InlineData("alice.invalid", "sip:alice@192.0.2.55:5060;transport=tcp;ob")]
    [Trait("RFC", "5626 §4.3")]
    public async Task A_caller_behind_a_translation_of_addresses_is_reached_over_its_own_connection(string sentBy, string contact)
    {
        using var caller = await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint);
        await InviteAsync(caller, sentBy, contact);
        await _shard.DoAsync(() => { _shard.Handler.Incoming[0].Bye(); return 0; });
        Assert.StartsWith($"BYE {contact} ", await caller.ReceiveAsync("BYE "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_callers_that_claim_one_unreachable_Contact_are_kept_apart()
    {
        _second.Stop();
        var callers = new List<TcpPeer>();
        for (int i = 0; i < 2; i++)
        {
            callers.Add(await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint));
            await InviteAsync(callers[i], $"127.0.0.1:{callers[i].Local.Port}", $"sip:alice@127.0.0.1:{Second.Port};transport=tcp", $"call-{i}");
        }
        for (int i = 0; i < 2; i++)
        {
            int n = i;
            await _shard.DoAsync(() => { _shard.Handler.Incoming[n].Bye(); return 0; });
            Assert.Equal($"call-{i}", TcpPeer.Header(await callers[i].ReceiveAsync("BYE "), "Call-ID"));
        }
        callers.ForEach(c => c.Dispose());
    }

    [Fact]
    [Trait("RFC", "3261 §18.2.2")]
    public async Task A_caller_that_rings_and_whose_connection_closes_is_reached_where_its_Via_listens()
    {
        using (var caller = await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint))
            await RingAsync(caller, $"127.0.0.1:{Second.Port}", $"sip:alice@127.0.0.1:{Second.Port};transport=tcp");
        using var again = await TcpPeer.AcceptAsync(_second);
        Assert.StartsWith("SIP/2.0 180", await again.ReceiveAsync(), StringComparison.Ordinal);
        await _shard.DoAsync(() => { _shard.Handler.Incoming[0].Answer(SipPair.Offer); return 0; });
        Assert.StartsWith("SIP/2.0 200", await again.ReceiveAsync("SIP/2.0 200"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.55:5060", "sip:alice@192.0.2.55:5060;transport=tcp")]
    [InlineData("alice.invalid", "sip:alice@192.0.2.55:5060;transport=tcp;ob")]
    [InlineData("127.0.0.1:9", "sip:alice@127.0.0.1:9;transport=tcp")]
    [Trait("RFC", "3261 §17.1.4, 5923 §8")]
    public async Task A_caller_that_vanishes_while_it_rings_and_cannot_be_reached_again_is_lost_at_once(string sentBy, string contact)
    {
        using (var caller = await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint))
            await RingAsync(caller, sentBy, contact);
        await _shard.UntilAsync(() => _shard.Handler.Log.Contains("lost TransportError"));
        Assert.Equal(LegState.Ended, await _shard.DoAsync(() => _shard.Handler.Incoming[0].State));
        await _shard.UntilAsync(() => _shard.Shard.Agent.OpenLegs == 0);
    }

    [Fact]
    [Trait("RFC", "3261 §18.2.2")]
    public async Task A_caller_that_is_reached_again_and_closes_that_connection_at_once_is_lost()
    {
        using (var caller = await TcpPeer.ConnectAsync(_shard.Shard.Listening[0].EndPoint))
            await RingAsync(caller, $"127.0.0.1:{Second.Port}", $"sip:alice@127.0.0.1:{Second.Port};transport=tcp");
        using (var again = await TcpPeer.AcceptAsync(_second))
            await again.ReceiveAsync("SIP/2.0 180");
        await _shard.UntilAsync(() => _shard.Handler.Log.Contains("lost TransportError"));
    }

    public void Dispose()
    {
        _shard.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private Task<OutgoingLeg> CallAsync() => _shard.DoAsync(() => _shard.Shard.Agent.Invite(
        new OutgoingInvite
        {
            Hop = _shard.Shard.HopTo(TransportProtocol.Tcp, First)!,
            RequestUri = $"sip:bob@{First};transport=tcp",
            From = "<sip:alice@127.0.0.1>",
            To = "<sip:bob@127.0.0.1>",
            Content = SipPair.Offer,
        },
        _shard.Handler));

    private static async Task AnswerAsync(TcpPeer called, string header, string contact) =>
        await called.SendAsync(Respond(await called.ReceiveAsync("INVITE "), "200 OK", header, $"Contact: {contact}"));

    private static string Respond(string request, string status, params string[] headers) => string.Join(
        "\r\n",
        [
            $"SIP/2.0 {status}",
            $"Via: {TcpPeer.Header(request, "Via")}",
            $"From: {TcpPeer.Header(request, "From")}",
            $"To: {TcpPeer.Header(request, "To")};tag=b",
            $"Call-ID: {TcpPeer.Header(request, "Call-ID")}",
            $"CSeq: {TcpPeer.Header(request, "CSeq")}",
            .. headers,
        ]);

    private async Task RingAsync(TcpPeer caller, string sentBy, string contact)
    {
        await BeginAsync(caller, sentBy, contact, "in");
        await _shard.DoAsync(() => { _shard.Handler.Incoming[0].Ring(180); return 0; });
        await caller.ReceiveAsync("SIP/2.0 180");
    }

    private async Task InviteAsync(TcpPeer caller, string sentBy, string contact, string callId = "in")
    {
        int before = await BeginAsync(caller, sentBy, contact, callId);
        await _shard.DoAsync(() => { _shard.Handler.Incoming[before].Answer(SipPair.Offer); return 0; });
        string ok = await caller.ReceiveAsync("SIP/2.0 200");
        await caller.SendAsync($"""
            ACK sip:bob@127.0.0.1 SIP/2.0
            Via: SIP/2.0/TCP {sentBy};branch=z9hG4bKa{callId}
            Max-Forwards: 70
            From: <sip:alice@127.0.0.1>;tag=a
            To: {TcpPeer.Header(ok, "To")}
            Call-ID: {callId}
            CSeq: 1 ACK
            """);
        await _shard.UntilAsync(() => _shard.Handler.Incoming[before].State == LegState.Confirmed);
    }

    private async Task<int> BeginAsync(TcpPeer caller, string sentBy, string contact, string callId)
    {
        int before = await _shard.DoAsync(() => _shard.Handler.Incoming.Count);
        await caller.SendAsync($"""
            INVITE sip:bob@127.0.0.1 SIP/2.0
            Via: SIP/2.0/TCP {sentBy};branch=z9hG4bK{callId}
            Max-Forwards: 70
            From: <sip:alice@127.0.0.1>;tag=a
            To: <sip:bob@127.0.0.1>
            Call-ID: {callId}
            CSeq: 1 INVITE
            Contact: <{contact}>
            """);
        await _shard.UntilAsync(() => _shard.Handler.Incoming.Count > before);
        return before;
    }
}
