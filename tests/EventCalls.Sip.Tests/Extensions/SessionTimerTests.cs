using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.SessionTimers;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Extensions;

/// <summary>Session timers between two agents, each of which has what a test gives it.</summary>
public sealed class SessionTimerTests
{
    private readonly SipPair _pair = new(0, SessionTimerExtension.Taken);

    private VirtualNetwork Network => _pair.Network;

    [Fact]
    [Trait("RFC", "4028 §7.1, §9")]
    public void Who_answers_without_a_wish_of_its_own_takes_what_is_asked_and_has_the_caller_refresh()
    {
        var (caller, callee) = Established(new SessionTimer(600), new());
        Assert.Equal(("timer", "600"), (First("INVITE").Header("Supported"), First("INVITE").Header("Session-Expires")));
        var answer = Answer("INVITE");
        Assert.Equal(("600;refresher=uac", "timer"), (answer.Header("Session-Expires"), answer.Header("Require")));
        Assert.Equal((600, true), (Timer(caller).Interval, Timer(caller).IsRefresher));
        Assert.Equal((600, false), (Timer(callee).Interval, Timer(callee).IsRefresher));
    }

    [Fact]
    [Trait("RFC", "4028 §7.4, §10")]
    public void The_refresher_sends_a_bare_UPDATE_after_half_the_interval_and_the_session_goes_on()
    {
        var (caller, callee) = Established(new SessionTimer(600), new());
        Network.Run(299_000);
        Assert.Equal(0, _pair.Count("UPDATE"));
        Network.Run(2_000);
        var update = Single("UPDATE");
        Assert.Equal(("600;refresher=uac", "timer", ""), (update.Header("Session-Expires"), update.Header("Supported"), update.Body));
        Assert.Equal("600;refresher=uac", Answer("UPDATE").Header("Session-Expires"));
        Network.Run(3_600_000);
        Assert.Equal(13, _pair.Count("UPDATE"));
        Assert.Equal(LegState.Confirmed, callee.State);
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "4028 §7.4")]
    public void A_peer_without_UPDATE_is_asked_by_re_INVITE_with_the_same_description()
    {
        _pair.B.Requested = (leg, request) => request.Respond(200, null, leg.LocalDescription);
        ForgetsUpdate(_pair);
        var (caller, _) = Established(new SessionTimer(600), new());
        Network.Run(301_000);
        var refresh = Last("INVITE");
        Assert.Equal(First("INVITE").Body, refresh.Body);
        Assert.Equal("600;refresher=uac", refresh.Header("Session-Expires"));
        Assert.Equal(2, _pair.Count("ACK"));
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "4028 §7.4")]
    public void A_peer_that_says_UPDATE_and_refuses_it_is_refreshed_by_re_INVITE()
    {
        _pair.B.Requested = (leg, request) => request.Respond(request.Method == SipMethod.Update ? 405 : 200, null, request.Method == SipMethod.Update ? null : leg.LocalDescription);
        Established(new SessionTimer(600), new());
        Network.Run(601_000);
        Assert.Equal((1, 3), (_pair.Count("UPDATE"), _pair.Count("INVITE")));
    }

    [Theory]
    [InlineData(90, 60_000)]
    [InlineData(1_800, 1_768_000)]
    [Trait("RFC", "4028 §10")]
    public void A_session_that_nobody_refreshes_ends_by_BYE_a_third_of_it_or_32_s_before_its_end(int seconds, int endsAfterMs)
    {
        Established(new SessionTimer(seconds), new());
        // The refresher is gone, and says nothing any more.
        Network.Lose = s => s.From.Equals(_pair.Alice.EndPoint);
        Network.Run(endsAfterMs - 1_000);
        Assert.DoesNotContain("lost Expired", _pair.B.Log);
        Network.Run(1_000);
        Assert.Equal("lost Expired", _pair.B.Log[^1]);
        Assert.Contains(Network.Log, s => s.Kind == "BYE" && s.From.Equals(_pair.Bob.EndPoint));
        Network.Lose = null;
        _pair.AssertNothingLeft();
    }

    [Theory]
    [InlineData("20")]
    [InlineData("20 (in a meeting);duration=3600")]
    [Trait("RFC", "4028 §10")]
    [Trait("RFC", "3261 §20.33")]
    public void A_refresh_that_is_refused_is_tried_again_and_the_session_ends_when_none_is_taken(string retryAfter)
    {
        var (caller, _) = Established(new SessionTimer(300), new());
        _pair.B.Requested = (_, request) => request.Respond(500, null, null, [new("Retry-After", retryAfter)]);
        Network.Run(172_000);
        Assert.Equal(2, _pair.Count("UPDATE"));
        Network.Run(97_000);
        Assert.Equal("lost Expired", _pair.A.Log[^1]);
        Assert.Equal(LegState.Ended, caller.State);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "4028 §10")]
    public void A_refresh_that_nobody_answers_ends_the_session()
    {
        Established(new SessionTimer(600), new());
        Network.Lose = s => s.Kind == "UPDATE";
        Network.Run(333_000);
        Assert.Equal("lost Timeout", _pair.A.Log[^1]);
    }

    [Fact]
    [Trait("RFC", "4028 §6, §8")]
    public void A_caller_whose_interval_is_too_short_is_told_the_least_and_an_INVITE_that_is_too_short_for_the_peer_is_sent_once_more()
    {
        int refusals = 0;
        _pair.B.Invited = (leg, invite) =>
        {
            if (SessionTimer.TryUse(leg, invite, null) && invite.Header(HeaderId.MinSE).IsEmpty)
            {
                refusals++;
                leg.Reject(422, null, [new("Min-SE", "900")]);
            }
        };
        var caller = _pair.Call(extensions: new SessionTimer(120));
        Network.Run(50);
        Assert.Equal(1, refusals);
        var again = Last("INVITE");
        Assert.Equal(("900", "900"), (again.Header("Session-Expires"), again.Header("Min-SE")));
        Assert.Equal(First("INVITE").Header("Call-ID"), again.Header("Call-ID"));
        Assert.Equal(First("INVITE").Header("From"), again.Header("From"));
        Assert.Equal("2 INVITE", again.Header("CSeq"));
        _pair.B.Incoming[^1].Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal(900, Timer(caller).Interval);
    }

    [Fact]
    [Trait("RFC", "4028 §7.3")]
    public void A_second_422_is_passed_up()
    {
        int least = 900;
        _pair.B.Invited = (leg, _) => leg.Reject(422, null, [new("Min-SE", $"{least++}")]);
        _pair.Call(extensions: new SessionTimer(120));
        Network.Run(50);
        Assert.Equal(["failed 422"], _pair.A.Log);
        Assert.Equal(2, _pair.Count("422"));
        _pair.AssertNothingLeft();
    }

    [Theory]
    [InlineData("Supported: timer\r\nSession-Expires: 60", "422")]
    [InlineData("Supported: timer\r\nSession-Expires: 90", "200")]
    [InlineData("k: timer\r\nx: 89;refresher=uac", "422")]
    // Somebody on the way asks, and a 422 would reach a caller that cannot do anything about it.
    [InlineData("Session-Expires: 60", "200")]
    [InlineData("Session-Expires: soon", "200")]
    [Trait("RFC", "4028 §9")]
    public void An_interval_below_the_least_is_refused_when_the_caller_knows_session_timers(string headers, string status)
    {
        var script = Script(headers);
        Assert.Equal(status, script.Received[^1].Kind);
        if (status == "422")
            Assert.Equal("90", script.Received[^1].Header("Min-SE"));
    }

    [Theory]
    // Who asks, what it says, what we want; and the 2xx (RFC 4028, table 2).
    [InlineData("Supported: timer\r\nSession-Expires: 1800", null, "1800;refresher=uac", true)]
    [InlineData("Supported: timer\r\nSession-Expires: 1800;refresher=uac", null, "1800;refresher=uac", true)]
    [InlineData("Supported: timer\r\nSession-Expires: 1800;refresher=uas", null, "1800;refresher=uas", false)]
    [InlineData("Session-Expires: 1800", null, "1800;refresher=uas", false)]
    [InlineData("Supported: timer\r\nSession-Expires: 1800\r\nMin-SE: 600", 300, "600;refresher=uac", true)]
    [InlineData("Supported: timer\r\nSession-Expires: 1800", 300, "300;refresher=uac", true)]
    [InlineData("Supported: timer\r\nSession-Expires: 200", 300, "200;refresher=uac", true)]
    [InlineData("Supported: timer", 300, "300;refresher=uac", true)]
    [InlineData("Subject: x", 300, "300;refresher=uas", false)]
    [InlineData("Supported: timer", null, null, false)]
    // A caller that does not know them cannot be told that it is too short (§8.1), and we may not say more than was asked (§9): there is none, also where we want one.
    [InlineData("Session-Expires: 89", null, null, false)]
    [InlineData("Session-Expires: 60", 300, null, false)]
    [InlineData("Session-Expires: 60\r\nMin-SE: 60", 300, null, false)]
    [InlineData("Session-Expires: 90", 300, "90;refresher=uas", false)]
    [Trait("RFC", "4028 §9")]
    public void The_2xx_says_interval_and_refresher(string headers, int? wanted, string? says, bool requires)
    {
        var answer = Script(headers, wanted).Received[^1];
        Assert.Equal((says, requires ? "timer" : null), (answer.Header("Session-Expires"), answer.Header("Require")));
    }

    [Fact]
    [Trait("RFC", "4028 §7.2")]
    public void A_2xx_that_says_nothing_leaves_the_session_without_an_end()
    {
        var (caller, _) = Established(new SessionTimer(600), null);
        Assert.Null(Timer(caller).Interval);
        Network.Run(4_000_000);
        Assert.Equal((0, LegState.Confirmed), (_pair.Count("UPDATE"), caller.State));
    }

    [Fact]
    [Trait("RFC", "4028 §7.4")]
    public void A_change_of_the_session_refreshes_it_and_keeps_the_refresher()
    {
        var (_, callee) = Established(new SessionTimer(600), new());
        Network.Run(200_000);
        callee.ReInvite(SipPair.Offer, null, _pair.B);
        Network.Run(200_000);
        Assert.Equal("600;refresher=uas", Last("INVITE").Header("Session-Expires"));
        Assert.Equal("600;refresher=uas", Answer("INVITE").Header("Session-Expires"));
        Assert.Equal(0, _pair.Count("UPDATE"));
        Network.Run(101_000);
        Assert.Equal(_pair.Alice.EndPoint, Single("UPDATE").From);
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void A_refresh_that_meets_a_change_of_the_peer_is_tried_again()
    {
        ForgetsUpdate(_pair);
        _pair.B.Requested = (leg, request) => request.Respond(200, null, leg.LocalDescription);
        _pair.A.Requested = (leg, request) => request.Respond(200, null, leg.LocalDescription);
        var (caller, callee) = Established(new SessionTimer(600), new());
        Network.Run(299_000);
        while (_pair.Count("INVITE") == 1)
            Network.Run(1);
        callee.ReInvite(SipPair.Offer, null, _pair.B);
        Network.Run(10_000);
        Assert.True(_pair.Count("491") > 0);
        Network.Run(2_000_000);
        Assert.Equal((LegState.Confirmed, LegState.Confirmed), (caller.State, callee.State));
    }

    [Fact]
    [Trait("RFC", "4028 §9")]
    public void A_re_INVITE_with_too_short_an_interval_is_refused_and_the_session_stays()
    {
        var (_, callee) = Established(new SessionTimer(600), new());
        callee.Request(SipMethod.Update, null, [new("Session-Expires", "20")], _pair.B);
        Network.Run(50);
        // Ours says both, and the first one counts.
        Assert.Equal("Update 200", _pair.B.Log[^1]);
        var sent = Last("UPDATE");
        _pair.Bob.Send(_pair.Alice, sent.Text
            .Replace("Session-Expires: 600;refresher=uas", "Session-Expires: 20", StringComparison.Ordinal)
            .Replace("1 UPDATE", "9 UPDATE", StringComparison.Ordinal)
            .Replace("branch=z9hG4bK", "branch=z9hG4bKx", StringComparison.Ordinal));
        Network.Run(50);
        Assert.Equal("90", Single("422").Header("Min-SE"));
        Assert.Equal(LegState.Confirmed, callee.State);
    }

    private (OutgoingLeg Caller, IncomingLeg Callee) Established(SessionTimer asks, SessionTimer? answers)
    {
        if (answers is not null)
            _pair.B.Invited = (leg, invite) => SessionTimer.TryUse(leg, invite, null);
        var caller = _pair.Call(extensions: asks);
        Network.Run(50);
        _pair.B.Incoming[^1].Answer(SipPair.Offer);
        Network.Run(50);
        return (caller, _pair.B.Incoming[^1]);
    }

    /// <summary>An INVITE of a scripted caller, answered at once.</summary>
    private VirtualHost Script(string headers, int? wanted = null)
    {
        _pair.B.Invited = (leg, invite) =>
        {
            if (SessionTimer.TryUse(leg, invite, wanted))
                leg.Answer(SipPair.Offer);
        };
        var script = Network.AddHost("10.0.0.9:5060");
        script.Send(_pair.Bob, $"INVITE sip:x@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@10.0.0.9:5060>\r\nMax-Forwards: 70\r\n{headers}\r\nContent-Length: 0\r\n\r\n");
        Network.Run(50);
        return script;
    }

    /// <summary>Alice takes Bob for somebody who does not take UPDATE.</summary>
    private static void ForgetsUpdate(SipPair pair)
    {
        var answered = pair.A.Answered;
        pair.A.Answered = (leg, response) =>
        {
            answered?.Invoke(leg, response);
            var bare = new SipMessage();
            Assert.Equal(EventCalls.Sip.Parsing.SipParseError.None, EventCalls.Sip.Parsing.SipParser.Parse(
                "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nAllow: INVITE, ACK, BYE\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), bare));
            leg.Learn(bare);
        };
    }

    private static SessionTimer Timer(Leg leg) => leg.Find<SessionTimer>()!;

    private Sent First(string kind) => Network.Log.First(s => s.Kind == kind);

    private Sent Last(string kind) => Network.Log.Last(s => s.Kind == kind);

    private Sent Single(string kind) => Network.Log.Single(s => s.Kind == kind);

    private Sent Answer(string method) => Network.Log.Last(s => s.Kind == "200" && s.CSeqMethod == method);
}
