using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Dialogs;

public sealed class InDialogTests
{
    private readonly SipPair _pair = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("RFC", "3261 §14.2")]
    public void What_is_sent_because_of_an_answer_leaves_behind_its_ACK(bool isFirst)
    {
        bool isDue = true;
        void Again(Leg leg)
        {
            if (isDue)
                leg.ReInvite(SipPair.Offer, null, _pair.A);
            isDue = false;
        }

        if (isFirst)
            _pair.A.Answered = (leg, _) => Again(leg);
        else
            _pair.A.Changed = (request, _) => Again(request.Leg);
        var (caller, _) = _pair.Established();
        if (!isFirst)
            caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(200);
        Assert.Equal((isFirst ? 2 : 3, 0), (_pair.Count("200", "INVITE"), _pair.Count("500")));
        Assert.Equal(isFirst ? 2 : 3, _pair.Count("ACK"));
    }

    [Fact]
    [Trait("RFC", "3261 §14")]
    public void A_re_INVITE_is_answered_and_acknowledged()
    {
        var (caller, _) = _pair.Established();
        _pair.B.Requested = (_, request) => request.Respond(200, content: SipPair.Offer);
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(100);
        Assert.Contains("Invite 200", _pair.A.Log);
        Assert.Equal("request ack", _pair.B.Log[^1]);
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void Re_INVITEs_that_meet_are_both_refused_491_and_tried_again()
    {
        var (caller, callee) = _pair.Established();
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        callee.ReInvite(SipPair.Offer, null, _pair.B);
        _pair.Network.Run(200);
        Assert.Equal(2, _pair.Count("491"));
        _pair.Network.Run(10_000);
        Assert.Contains("Invite 200", _pair.A.Log);
        Assert.Contains("Invite 200", _pair.B.Log);
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §14.2")]
    public void A_second_re_INVITE_while_one_is_open_is_refused_with_Retry_After()
    {
        var (caller, _) = _pair.Established();
        _pair.B.Requested = (_, _) => { };
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        var refusal = _pair.Network.Log.Single(s => s.Kind == "500");
        Assert.InRange(int.Parse(refusal.Header("Retry-After")!), 0, 10);
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void A_refused_re_INVITE_leaves_the_call_as_it_was()
    {
        var (caller, callee) = _pair.Established();
        _pair.B.Requested = (_, request) => request.Respond(488);
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(100);
        Assert.Contains("Invite 488", _pair.A.Log);
        Assert.Equal(LegState.Confirmed, caller.State);
        Assert.Equal(LegState.Confirmed, callee.State);
    }

    [Fact]
    [Trait("RFC", "3261 §15.1.2")]
    public void A_BYE_answers_the_open_re_INVITE_487()
    {
        var (caller, callee) = _pair.Established();
        _pair.B.Requested = (_, _) => { };
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        callee.Bye();
        _pair.Network.Run(200);
        Assert.Equal(1, _pair.Count("487", "INVITE"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §15.1.2")]
    public void A_2xx_to_a_re_INVITE_is_not_repeated_after_the_BYE()
    {
        var (caller, callee) = _pair.Established();
        _pair.Network.Lose = s => s.Kind == "ACK";
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(100);
        callee.Bye();
        _pair.Network.Run(100);
        int sent = _pair.Count("200", "INVITE");
        _pair.Network.Run(40_000);
        Assert.Equal(sent, _pair.Count("200", "INVITE"));
        Assert.DoesNotContain(_pair.B.Log, l => l.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void A_second_UPDATE_before_the_first_is_answered_is_asked_to_come_again()
    {
        var (caller, _) = _pair.Established();
        _pair.B.Requested = (_, _) => { };
        caller.Request(SipMethod.Update, null, null, _pair.A);
        caller.Request(SipMethod.Update, null, null, _pair.A);
        _pair.Network.Run(50);
        Assert.Equal(["Update 500"], _pair.A.Log.Where(l => l.StartsWith("Update", StringComparison.Ordinal)));
        Assert.InRange(int.Parse(_pair.Network.Log.Last(s => s.Kind == "500").Header("Retry-After")!), 0, 10);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void UPDATEs_with_offers_that_meet_are_both_refused_491()
    {
        var (caller, callee) = _pair.Established();
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
        _pair.Network.Run(50);
        Assert.Contains("Update 491", _pair.A.Log);
        Assert.Contains("Update 491", _pair.B.Log);
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        Assert.Contains("Update 200", _pair.A.Log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("RFC", "3311 §5.1")]
    [Trait("RFC", "3261 §14.1")]
    public void UPDATEs_that_met_and_are_made_again_after_the_time_of_each_side_both_come_through(int times)
    {
        var (caller, callee) = _pair.Established();
        for (int i = 0; i < times; i++)
        {
            long met = _pair.Network.Now;
            _pair.A.Log.Clear();
            _pair.B.Log.Clear();
            caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
            callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
            _pair.Network.Run(50);
            Assert.Contains("Update 491", _pair.A.Log);
            Assert.Contains("Update 491", _pair.B.Log);
            // Who made the Call-ID comes later, always: the two do not meet again.
            int ofOwner = caller.GlarePause();
            int ofOther = callee.GlarePause();
            Assert.InRange(ofOwner, 2_100, 4_000);
            Assert.InRange(ofOther, 0, 2_000);
            _pair.Network.Run(ofOther);
            callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
            _pair.Network.Run((int)(met + 50 + ofOwner - _pair.Network.Now));
            caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
            _pair.Network.Run(50);
            Assert.Equal("Update 200", _pair.A.Log.Last(l => l.StartsWith("Update", StringComparison.Ordinal)));
            Assert.Equal("Update 200", _pair.B.Log.Last(l => l.StartsWith("Update", StringComparison.Ordinal)));
        }
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void The_time_after_a_glare_is_drawn_from_all_of_its_range_in_steps_of_10_ms()
    {
        var (caller, callee) = _pair.Established();
        var owner = Enumerable.Range(0, 4_000).Select(_ => caller.GlarePause()).ToHashSet();
        var other = Enumerable.Range(0, 4_000).Select(_ => callee.GlarePause()).ToHashSet();
        Assert.True(owner.All(ms => ms is >= 2_100 and <= 4_000 && ms % 10 == 0) && owner.Count > 150);
        Assert.True(other.All(ms => ms is >= 0 and <= 2_000 && ms % 10 == 0) && other.Count > 150);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void An_UPDATE_with_an_offer_while_a_re_INVITE_waits_for_its_answer_is_refused()
    {
        var (caller, callee) = _pair.Established();
        _pair.B.Requested = (_, request) =>
        {
            if (request.Method != SipMethod.Invite)
                request.Respond(200);
        };
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        _pair.Network.Run(50);
        callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
        _pair.Network.Run(50);
        caller.Request(SipMethod.Update, null, null, _pair.A);
        _pair.Network.Run(50);
        Assert.Equal(["Update 500", "Update 200"], _pair.A.Log.Where(l => l.StartsWith("Update", StringComparison.Ordinal)));
        Assert.Equal(["Update 491"], _pair.B.Log.Where(l => l.StartsWith("Update", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("RFC", "3261 §17.2.3")]
    public void A_new_request_on_an_old_branch_is_answered()
    {
        var (caller, _) = _pair.Established();
        caller.Request(SipMethod.Info, null, null, _pair.A);
        _pair.Network.Run(50);
        var info = _pair.Network.Log.Last(s => s.Kind == "INFO");
        _pair.Alice.Send(_pair.Bob, info.Text.Replace("CSeq: 2 INFO", "CSeq: 3 INFO", StringComparison.Ordinal));
        _pair.Alice.Send(_pair.Bob, info.Text);
        _pair.Network.Run(50);
        Assert.Equal(2, _pair.B.Log.Count(l => l == "request Info"));
        Assert.Equal(["2 INFO", "3 INFO", "2 INFO"], _pair.Network.Log.Where(s => s.Kind == "200" && s.CSeqMethod == "INFO").Select(s => s.Header("CSeq")));
    }

    [Theory]
    [InlineData("<sip:u\"@10.0.0.9:9>")]
    [InlineData("<http://10.0.0.9/>")]
    [InlineData("<tel:+15551234567>")]
    [InlineData("*")]
    [Trait("RFC", "3261 §12.2.2")]
    public void A_refresh_with_a_Contact_that_cannot_be_used_leaves_the_target_as_it_was(string contact)
    {
        var (caller, callee) = _pair.Established();
        string target = callee.RemoteTarget;
        caller.Request(SipMethod.Update, null, null, _pair.A);
        _pair.Network.Run(50);
        var update = _pair.Network.Log.Last(s => s.Kind == "UPDATE");
        _pair.Alice.Send(_pair.Bob, update.Text
            .Replace($"CSeq: {update.Header("CSeq")}", "CSeq: 99 UPDATE", StringComparison.Ordinal)
            .Replace($"Contact: {update.Header("Contact")}", $"Contact: {contact}", StringComparison.Ordinal)
            .Replace("branch=z9hG4bK", "branch=z9hG4bKx", StringComparison.Ordinal));
        _pair.Network.Run(50);
        Assert.Equal(2, _pair.B.Log.Count(l => l == "request Update"));
        Assert.Equal(target, callee.RemoteTarget);
        callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.2.3")]
    public void An_option_that_is_required_within_a_dialog_is_refused_by_name()
    {
        var (caller, callee) = _pair.Established();
        caller.Request(SipMethod.Info, null, [new HeaderLine("Require", "foo")], _pair.A);
        caller.ReInvite(SipPair.Offer, [new HeaderLine("Require", "foo")], _pair.A);
        _pair.Network.Run(100);
        Assert.Contains("Info 420", _pair.A.Log);
        Assert.Contains("Invite 420", _pair.A.Log);
        Assert.All(_pair.Network.Log.Where(s => s.Kind == "420"), s => Assert.Equal("foo", s.Header("Unsupported")));
        Assert.Equal(LegState.Confirmed, callee.State);
        caller.Bye([new HeaderLine("Require", "foo")]);
        _pair.Network.Run(100);
        Assert.Equal(1, _pair.Count("420", "BYE"));
        Assert.Equal("bye", _pair.B.Log[^1]);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3311 §5.1")]
    public void An_UPDATE_and_an_INFO_reach_the_handler()
    {
        var (caller, _) = _pair.Established();
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        caller.Request(SipMethod.Info, new Content("application/dtmf-relay", "Signal=5\r\n"u8.ToArray()), null, _pair.A);
        _pair.Network.Run(100);
        Assert.Contains("request Update", _pair.B.Log);
        Assert.Contains("request Info", _pair.B.Log);
        Assert.Contains("Update 200", _pair.A.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.2")]
    public void A_request_with_an_old_CSeq_is_refused_500()
    {
        var (caller, _) = _pair.Established();
        caller.Request(SipMethod.Info, null, null, _pair.A);
        _pair.Network.Run(50);
        var info = _pair.Network.Log.Last(s => s.Kind == "INFO");
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        _pair.B.Known.Add(script.EndPoint.Address);
        script.Send(_pair.Bob, info.Text.Replace("CSeq: 2 INFO", "CSeq: 1 INFO", StringComparison.Ordinal).Replace("branch=z9hG4bK", "branch=z9hG4bKx", StringComparison.Ordinal));
        _pair.Network.Run(50);
        Assert.Equal("500", script.Received.Single().Kind);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.2")]
    public void A_request_for_an_unknown_dialog_is_answered_481()
    {
        var (caller, _) = _pair.Established();
        caller.Request(SipMethod.Info, null, null, _pair.A);
        _pair.Network.Run(50);
        var info = _pair.Network.Log.Last(s => s.Kind == "INFO");
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.Send(_pair.Bob, info.Text.Replace("Call-ID: ", "Call-ID: x", StringComparison.Ordinal).Replace("branch=z9hG4bK", "branch=z9hG4bKx", StringComparison.Ordinal));
        _pair.Network.Run(50);
        Assert.Equal("481", script.Received.Single().Kind);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.1.2")]
    public void A_confirmed_leg_whose_peer_falls_silent_is_found_lost_by_a_ping()
    {
        var pair = new SipPair(pingAfterMs: 30_000);
        pair.Established();
        pair.Network.Run(20_000);
        Assert.Equal(0, pair.Count("OPTIONS"));
        pair.Network.Run(60_000);
        Assert.InRange(pair.Count("OPTIONS"), 1, 3);
        Assert.DoesNotContain(pair.A.Log, l => l.StartsWith("lost", StringComparison.Ordinal));
        pair.Network.Lose = s => s.From.Equals(pair.Bob.EndPoint);
        pair.Network.Run(120_000);
        Assert.Equal("lost Timeout", pair.A.Log[^1]);
        Assert.Equal(0, pair.Alice.Agent!.OpenLegs);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.1.1")]
    public void Requests_follow_the_recorded_route_loosely()
    {
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.Send(_pair.Bob, """
            INVITE sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKrr
            Max-Forwards: 70
            Record-Route: <sip:10.0.0.9;lr>, <sip:10.0.0.8;lr>
            From: <sip:carol@10.0.0.7>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: rr
            CSeq: 1 INVITE
            Contact: <sip:carol@10.0.0.7:5070>
            """);
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(50);
        var answer = script.Received.Last(s => s.Kind == "200");
        Assert.Equal("<sip:10.0.0.9;lr>, <sip:10.0.0.8;lr>", answer.Header("Record-Route"));
        script.Send(_pair.Bob, $"""
            ACK sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKrr2
            From: <sip:carol@10.0.0.7>;tag=c
            To: {answer.Header("To")}
            Call-ID: rr
            CSeq: 1 ACK
            """);
        _pair.Network.Run(50);
        _pair.B.Incoming[0].Bye();
        _pair.Network.Run(50);
        var bye = script.Received.Last(s => s.Kind == "BYE");
        Assert.Equal("BYE sip:carol@10.0.0.7:5070 SIP/2.0", bye.StartLine);
        Assert.Equal(["<sip:10.0.0.9;lr>", "<sip:10.0.0.8;lr>"], bye.Headers("Route"));
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.1.1")]
    public void A_strict_router_gets_its_own_URI_and_the_target_as_last_route()
    {
        var script = _pair.Network.AddHost("10.0.0.9:5060");
        script.OnReceived = s =>
        {
            if (s.Kind == "INVITE")
            {
                script.Send(_pair.Alice, $"""
                    SIP/2.0 200 OK
                    Via: {s.Header("Via")}
                    Record-Route: <sip:10.0.0.8;lr>
                    Record-Route: <sip:10.0.0.9>
                    From: {s.Header("From")}
                    To: {s.Header("To")};tag=b
                    Call-ID: {s.Header("Call-ID")}
                    CSeq: {s.Header("CSeq")}
                    Contact: <sip:bob@10.0.0.7>
                    """);
            }
        };
        _pair.Call(to: script).Bye();
        _pair.Network.Run(50);
        var ack = script.Received.First(s => s.Kind == "ACK");
        Assert.Equal("ACK sip:10.0.0.9 SIP/2.0", ack.StartLine);
        Assert.Equal(["<sip:10.0.0.8;lr>", "<sip:bob@10.0.0.7>"], ack.Headers("Route"));
    }
}
