using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tests.Dialogs;

public sealed class CallTests
{
    private readonly SipPair _pair = new();

    [Fact]
    [Trait("RFC", "3261 §13")]
    public void A_call_rings_is_answered_and_ended_by_the_caller()
    {
        var caller = _pair.Call();
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Ring(180);
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(50);
        caller.Bye();
        _pair.Network.Run(50);
        Assert.Equal(["progress 180", "answered 200"], _pair.A.Log);
        Assert.Equal(["invite", "ack", "bye"], _pair.B.Log);
        Assert.Equal(["INVITE", "100", "180", "200", "ACK", "BYE", "200"], _pair.Network.Log.Select(s => s.Kind));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §15")]
    public void The_callee_ends_the_call_on_the_same_dialog()
    {
        var (_, callee) = _pair.Established();
        callee.Bye([new HeaderLine("Reason", "Q.850;cause=16")]);
        _pair.Network.Run(50);
        Assert.Equal("bye", _pair.A.Log[^1]);
        var bye = _pair.Network.Log.Single(s => s.Kind == "BYE");
        Assert.Equal("Q.850;cause=16", bye.Header("Reason"));
        Assert.Equal("1 BYE", bye.Header("CSeq"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.4")]
    public void A_lost_200_is_sent_again_until_the_ACK_comes()
    {
        int lost = 0;
        _pair.Network.Lose = s => s.Kind == "200" && s.CSeqMethod == "INVITE" && lost++ < 3;
        _pair.Call();
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(10_000);
        Assert.Equal(4, _pair.Count("200", "INVITE"));
        Assert.Equal(["invite", "ack"], _pair.B.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.4")]
    public void A_lost_ACK_is_sent_again_for_the_repeated_200()
    {
        int lost = 0;
        _pair.Network.Lose = s => s.Kind == "ACK" && lost++ < 2;
        _pair.Call();
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(10_000);
        Assert.Equal(3, _pair.Count("ACK"));
        Assert.Equal(["answered 200"], _pair.A.Log);
        Assert.Equal(["invite", "ack"], _pair.B.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.4")]
    public void Without_any_ACK_the_callee_ends_the_call_by_BYE()
    {
        _pair.Network.Lose = s => s.Kind == "ACK";
        _pair.Call();
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(40_000);
        Assert.Equal(["invite", "no ack"], _pair.B.Log);
        Assert.Equal(["answered 200", "bye"], _pair.A.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §15")]
    public void A_callee_that_hangs_up_before_the_ACK_waits_for_it_with_its_BYE()
    {
        _pair.Network.DelayMs = 100;
        _pair.Call();
        _pair.Network.Run(150);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.B.Incoming[0].Bye();
        Assert.Equal(0, _pair.Count("BYE"));
        _pair.Network.Run(1_000);
        Assert.Equal(["100", "200", "ACK", "BYE", "200"], _pair.Network.Log.Skip(1).Select(s => s.Kind));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void A_cancelled_call_ends_with_487_on_both_sides()
    {
        var caller = _pair.Call();
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Ring(180);
        _pair.Network.Run(50);
        caller.Cancel([new HeaderLine("Reason", "SIP;cause=487")]);
        _pair.Network.Run(50);
        Assert.Equal(["progress 180", "failed 487"], _pair.A.Log);
        Assert.Equal(["invite", "cancelled"], _pair.B.Log);
        var cancel = _pair.Network.Log.Single(s => s.Kind == "CANCEL");
        Assert.Equal(_pair.Network.Log[0].Header("Via"), cancel.Header("Via"));
        Assert.Equal("SIP;cause=487", cancel.Header("Reason"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void A_CANCEL_waits_for_the_first_provisional_response()
    {
        _pair.Network.DelayMs = 200;
        var caller = _pair.Call();
        caller.Cancel();
        _pair.Network.Run(100);
        Assert.Equal(0, _pair.Count("CANCEL"));
        _pair.Network.Run(2_000);
        Assert.Equal(1, _pair.Count("CANCEL"));
        Assert.Equal(["failed 487"], _pair.A.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void A_200_that_crosses_the_CANCEL_is_acknowledged_and_ended()
    {
        _pair.Network.DelayMs = 100;
        var caller = _pair.Call();
        _pair.Network.Run(250);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        caller.Cancel();
        _pair.Network.Run(1_000);
        Assert.Equal(["no response Ended"], _pair.A.Log);
        Assert.Equal(["invite", "ack", "bye"], _pair.B.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void A_cancelled_INVITE_that_the_peer_never_ends_is_given_up()
    {
        _pair.Network.Lose = s => s.Kind is "487" or "CANCEL";
        var caller = _pair.Call();
        _pair.Network.Run(50);
        caller.Cancel();
        _pair.Network.Run(40_000);
        Assert.Equal(["no response Timeout"], _pair.A.Log);
        Assert.Equal(0, _pair.Alice.Agent!.OpenLegs);
    }

    [Fact]
    [Trait("RFC", "3261 §9.2")]
    public void A_CANCEL_without_its_INVITE_is_answered_481()
    {
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.Send(_pair.Bob, """
            CANCEL sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKnone
            Max-Forwards: 70
            From: <sip:carol@10.0.0.9>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: c1
            CSeq: 1 CANCEL
            """);
        _pair.Network.Run(50);
        Assert.Equal("481", script.Received.Single().Kind);
    }

    [Fact]
    [Trait("RFC", "3261 §15.1.2")]
    public void Two_BYEs_that_cross_are_both_answered_200()
    {
        _pair.Network.DelayMs = 100;
        var caller = _pair.Call();
        _pair.Network.Run(250);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(500);
        caller.Bye();
        _pair.B.Incoming[0].Bye();
        _pair.Network.Run(1_000);
        Assert.Equal(2, _pair.Count("200", "BYE"));
        Assert.DoesNotContain("bye", _pair.A.Log);
        Assert.DoesNotContain("bye", _pair.B.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_407_is_answered_once_with_credentials()
    {
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.OnReceived = s =>
        {
            if (s.Kind != "INVITE")
                return;
            bool authorized = s.Header("Proxy-Authorization") is not null;
            script.Send(_pair.Alice, $"""
                SIP/2.0 {(authorized ? "486 Busy Here" : "407 Proxy Authentication Required")}
                Via: {s.Header("Via")}
                From: {s.Header("From")}
                To: {s.Header("To")};tag=x
                Call-ID: {s.Header("Call-ID")}
                CSeq: {s.Header("CSeq")}
                Proxy-Authenticate: Digest realm="carrier", nonce="abc", algorithm=SHA-256, qop="auth"
                """);
        };
        _pair.Call(to: script, credentials: new Credentials("alice", "secret"));
        _pair.Network.Run(100);
        var invites = script.Received.Where(s => s.Kind == "INVITE").ToArray();
        Assert.Equal(2, invites.Length);
        Assert.Equal(["1 INVITE", "2 INVITE"], invites.Select(s => s.Header("CSeq")));
        Assert.Contains("username=\"alice\"", invites[1].Header("Proxy-Authorization"), StringComparison.Ordinal);
        Assert.Equal(["failed 486"], _pair.A.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.2.4")]
    public void A_second_answer_of_a_forked_INVITE_is_acknowledged_and_ended()
    {
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.OnReceived = s =>
        {
            if (s.Kind == "INVITE")
            {
                foreach (var tag in new[] { "one", "two" })
                {
                    script.Send(_pair.Alice, $"""
                        SIP/2.0 200 OK
                        Via: {s.Header("Via")}
                        From: {s.Header("From")}
                        To: {s.Header("To")};tag={tag}
                        Call-ID: {s.Header("Call-ID")}
                        CSeq: {s.Header("CSeq")}
                        Contact: <sip:{tag}@10.0.0.9>
                        """);
                }
            }
        };
        var leg = _pair.Call(to: script);
        _pair.Network.Run(100);
        Assert.Equal(["answered 200"], _pair.A.Log);
        Assert.Equal(LegState.Confirmed, leg.State);
        Assert.Equal(["sip:one@10.0.0.9", "sip:two@10.0.0.9"], script.Received.Where(s => s.Kind == "ACK").Select(s => s.StartLine.Split(' ')[1]));
        var bye = Assert.Single(script.Received.Where(s => s.Kind == "BYE").DistinctBy(s => s.Text));
        Assert.EndsWith(";tag=two", bye.Header("To"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.4")]
    public void A_call_whose_connection_breaks_before_the_answer_fails_at_once()
    {
        var hop = _pair.Alice.HopTo(_pair.Bob, TransportProtocol.Tcp);
        _pair.Alice.Agent!.Invite(new OutgoingInvite { Hop = hop, RequestUri = "sip:bob@10.0.0.2", From = "<sip:a@10.0.0.1>", To = "<sip:b@10.0.0.2>" }, _pair.A);
        _pair.Alice.Agent.HopFailed(hop);
        Assert.Equal(["no response TransportError"], _pair.A.Log);
        Assert.Equal(0, _pair.Alice.Agent.OpenLegs);
    }

    [Fact]
    [Trait("RFC", "3261 §18.2.2")]
    public void An_answer_whose_connection_is_gone_takes_a_new_one_to_where_the_caller_listens()
    {
        var hop = _pair.Alice.HopTo(_pair.Bob, TransportProtocol.Tcp);
        _pair.Alice.Agent!.Invite(new OutgoingInvite { Hop = hop, RequestUri = "sip:bob@10.0.0.2", From = "<sip:a@10.0.0.1>", To = "<sip:b@10.0.0.2>" }, _pair.A);
        _pair.Network.Run(50);
        // A transport forgets a connection before it says so.
        _pair.Bob.Forget(_pair.B.Incoming[0].Hop);
        _pair.Bob.Agent!.HopFailed(_pair.B.Incoming[0].Hop);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(50);
        Assert.Equal(["answered 200"], _pair.A.Log);
        _pair.B.Incoming[0].Bye();
        _pair.Network.Run(50);
        Assert.Equal("bye", _pair.A.Log[^1]);
    }

    [Fact]
    public void A_thousand_calls_leave_nothing_behind()
    {
        for (int i = 0; i < 1_000; i++)
        {
            var caller = _pair.Call();
            _pair.Network.Run(20);
            _pair.B.Incoming[^1].Answer(SipPair.Offer);
            _pair.Network.Run(20);
            caller.Bye();
        }
        _pair.AssertNothingLeft();
    }
}
