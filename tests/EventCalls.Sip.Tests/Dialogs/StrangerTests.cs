using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>Who sends a message decides before anything is kept of it.</summary>
public sealed class StrangerTests
{
    private readonly SipPair _pair = new();
    private readonly VirtualHost _stranger;

    public StrangerTests() => _stranger = _pair.Network.AddHost("10.0.0.66:5060");

    [Theory]
    [InlineData("BYE", "481")]
    [InlineData("CANCEL", "481")]
    [InlineData("OPTIONS", "481")]
    [InlineData("INVITE", "481")]
    [Trait("RFC", "3261 §8.2.7")]
    public void Ten_thousand_requests_of_strangers_leave_nothing_behind(string method, string status)
    {
        _pair.B.Admitting = false;
        for (int i = 0; i < 10_000; i++)
            Send(_stranger, method, $"z9hG4bK{i}", $"call-{i}", "someone", "nobody");
        _pair.Network.Run(50);
        Assert.Equal(10_000, _stranger.Received.Count(r => r.Kind == status));
        Assert.Equal(0, _pair.Bob.Agent!.OpenTransactions);
        Assert.Equal(0, _pair.Bob.Agent.OpenLegs);
        Assert.Equal(0, _pair.Bob.Agent.Wheel.Count);
        Assert.Equal(10_000, _pair.B.Refused.Count);
    }

    [Fact]
    public void What_a_trunk_asks_of_a_call_that_nobody_has_leaves_nothing_behind_either()
    {
        Send(_stranger, "BYE", "z9hG4bK1", "gone", "someone", "nobody");
        Send(_stranger, "CANCEL", "z9hG4bK2", "gone", "someone");
        Send(_stranger, "NOTIFY", "z9hG4bK3", "gone", "someone");
        _pair.Network.Run(50);
        Assert.Equal(["481", "481", "481"], _stranger.Received.Select(r => r.Kind));
        Assert.Equal(0, _pair.Bob.Agent!.OpenTransactions);
        Assert.Empty(_pair.B.Refused);
    }

    [Theory]
    [InlineData("BYE", "nobody")]
    [InlineData("CANCEL", null)]
    [InlineData("INVITE", null)]
    [InlineData("OPTIONS", null)]
    [InlineData("NO GOOD", null)]
    public void By_policy_strangers_hear_nothing(string method, string? toTag)
    {
        var quiet = _pair.Network.AddHost("10.0.0.5:5060");
        var handler = new RecordingHandler { Admitting = false };
        quiet.Start(handler, new UserAgentOptions { AnswersStrangers = false });
        Send(_stranger, method, "z9hG4bK1", "c", "someone", toTag, quiet);
        _pair.Network.Run(50);
        Assert.Empty(_stranger.Received);
        Assert.Equal(0, quiet.Agent!.OpenTransactions);
    }

    [Fact]
    public void A_BYE_with_a_calls_tags_from_elsewhere_does_not_end_it()
    {
        var (caller, _) = _pair.Established();
        _pair.B.Admitting = false;
        var invite = _pair.Network.Log.First(s => s.Kind == "INVITE");
        var answer = _pair.Network.Log.First(s => s.Kind == "200");
        string bye = $"""
            BYE sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKforged
            From: {invite.Header("From")}
            To: {answer.Header("To")}
            Call-ID: {invite.Header("Call-ID")}
            CSeq: 9 BYE
            """;
        _stranger.Send(_pair.Bob, bye);
        _pair.Network.Run(50);
        Assert.Equal("481", _stranger.Received.Single().Kind);
        Assert.Equal(1, _pair.Bob.Agent!.OpenLegs);
        Assert.Equal(["BYE 10.0.0.66"], _pair.B.Refused);
        // Another address of a trunk is as good as the peer's own.
        _pair.B.Known.Add(IPAddress.Parse("10.0.0.66"));
        _stranger.Send(_pair.Bob, bye);
        _pair.Network.Run(50);
        Assert.Equal("200", _stranger.Received[^1].Kind);
        Assert.Contains("bye", _pair.B.Log);
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.1.1")]
    public void A_peer_whose_proxy_did_not_record_its_route_asks_from_its_Contacts_address()
    {
        var phone = _pair.Network.AddHost("10.0.0.77:5060");
        _pair.Bob.Agent!.Advance(_pair.Network.Now);
        _stranger.Send(_pair.Bob, """
            INVITE sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKi
            Max-Forwards: 69
            From: <sip:carol@10.0.0.77>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: proxied
            CSeq: 1 INVITE
            Contact: <sip:carol@10.0.0.77>
            """);
        _pair.Network.Run(20);
        _pair.B.Incoming.Single().Answer(SipPair.Offer);
        _pair.Network.Run(20);
        string to = _stranger.Received.Last(r => r.Kind == "200").Header("To")!;
        _pair.B.Admitting = false;
        phone.Send(_pair.Bob, $"""
            BYE sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKb
            From: <sip:carol@10.0.0.77>;tag=c
            To: {to}
            Call-ID: proxied
            CSeq: 2 BYE
            """);
        _pair.Network.Run(50);
        Assert.Equal("200", phone.Received[^1].Kind);
        Assert.Contains("bye", _pair.B.Log);
    }

    [Fact]
    public void A_response_from_elsewhere_is_not_the_peers()
    {
        _pair.Call();
        _pair.Network.Run(20);
        var invite = _pair.Network.Log.First(s => s.Kind == "INVITE");
        _stranger.Send(_pair.Alice, $"""
            SIP/2.0 603 Decline
            Via: {invite.Header("Via")}
            From: {invite.Header("From")}
            To: {invite.Header("To")};tag=forged
            Call-ID: {invite.Header("Call-ID")}
            CSeq: {invite.Header("CSeq")}
            """);
        _pair.Network.Run(50);
        Assert.Empty(_pair.A.Log);
        Assert.Equal(["603 10.0.0.66"], _pair.A.Refused);
    }

    [Theory]
    [InlineData("other", "someone", 1)]
    [InlineData("call", "another", 1)]
    [InlineData("call", "someone", 2)]
    [Trait("RFC", "3261 §9.1")]
    public void A_CANCEL_with_the_branch_alone_cancels_nothing(string callId, string fromTag, int cseq)
    {
        Send(_stranger, "INVITE", "z9hG4bKmine", "call", "someone");
        _pair.Network.Run(20);
        Send(_stranger, "CANCEL", "z9hG4bKmine", callId, fromTag, cseq: cseq);
        _pair.Network.Run(20);
        Assert.Equal("481", _stranger.Received[^1].Kind);
        Assert.DoesNotContain("cancelled", _pair.B.Log);
        Send(_stranger, "CANCEL", "z9hG4bKmine", "call", "someone");
        _pair.Network.Run(20);
        Assert.Contains("cancelled", _pair.B.Log);
    }

    [Fact]
    public void A_CANCEL_from_elsewhere_cancels_nothing()
    {
        var other = _pair.Network.AddHost("10.0.0.67:5060");
        Send(_stranger, "INVITE", "z9hG4bKmine", "call", "someone");
        _pair.Network.Run(20);
        _pair.B.Admitting = false;
        Send(other, "CANCEL", "z9hG4bKmine", "call", "someone", sentBy: "10.0.0.66");
        _pair.Network.Run(20);
        Assert.DoesNotContain("cancelled", _pair.B.Log);
        Assert.Equal(["CANCEL 10.0.0.67"], _pair.B.Refused);
    }

    private void Send(
        VirtualHost from, string method, string branch, string callId, string fromTag, string? toTag = null, VirtualHost? to = null, int cseq = 1, string? sentBy = null) =>
        from.Send(to ?? _pair.Bob, $"""
            {method} sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP {sentBy ?? from.EndPoint.Address.ToString()}:5060;rport;branch={branch}
            Max-Forwards: 70
            From: <sip:carol@10.0.0.9>;tag={fromTag}
            To: <sip:bob@10.0.0.2>{(toTag is null ? "" : ";tag=" + toTag)}
            Call-ID: {callId}
            CSeq: {cseq} {method}
            Contact: <sip:carol@{from.EndPoint.Address}>
            """);
}
