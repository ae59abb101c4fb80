using EventCalls.Contracts;
using EventCalls.Sip.Extensions.SessionTimers;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Session timers through a bridge: each leg has its own, and no refresh of one is heard on the other.</summary>
public sealed class SessionTimerTests : EdgeTest
{
    [Fact]
    [Trait("RFC", "4028 §9")]
    public void What_a_caller_asks_for_is_its_own_legs_and_a_target_is_asked_for_nothing()
    {
        Call(new HeaderLine("Supported", "timer"), new HeaderLine("Session-Expires", "600"));
        var toTarget = Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
        Assert.Equal(("timer", null), (toTarget.Header("Supported"), toTarget.Header("Session-Expires")));
        var answer = Network.Log.Last(s => s.Kind == "200" && s.To.Equals(Caller.Host.EndPoint));
        Assert.Equal(("600;refresher=uac", "timer"), (answer.Header("Session-Expires"), answer.Header("Require")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "4028 §7.4")]
    public void A_refresh_of_the_caller_is_answered_here_and_the_target_hears_nothing(bool byUpdate)
    {
        var offer = Caller.Session();
        Call(offer, new HeaderLine("Supported", "timer"), new HeaderLine("Session-Expires", "600"));
        string told = Caller.Heard!;
        var heard = Target.Log.ToList();
        for (int i = 0; i < 3; i++)
        {
            Run(300_000);
            HeaderLine[] headers = [new("Supported", "timer"), new("Session-Expires", "600;refresher=uac")];
            if (byUpdate)
                Caller.Leg!.Request(SipMethod.Update, null, headers, Caller);
            else
                Caller.Leg!.ReInvite(offer, headers, Caller);
            Run(100);
            Assert.Equal(byUpdate ? "UPDATE 200" : "INVITE 200", Caller.Log[^1]);
            // The answer is the same version of the session as before.
            Assert.Equal(told, Caller.Heard);
        }
        Assert.Equal(heard, Target.Log);
        Run(600_000);
        Assert.Equal("call_ended system session_expired", Story()[^1]);
        Assert.Equal(("bye", "bye"), (Caller.Log[^1], Target.Log[^1]));
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "4028 §10")]
    public void A_caller_that_does_not_refresh_in_time_is_hung_up_on_and_the_stream_says_why()
    {
        Call(new HeaderLine("Supported", "timer"), new HeaderLine("Session-Expires", "90"));
        Run(59_000);
        Assert.Equal(1, Shard.Calls.Count);
        Run(2_000);
        Assert.Equal("call_ended system session_expired", Story()[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "4028 §7.1, §10")]
    public void A_trunk_that_is_asked_for_an_interval_is_refreshed_by_us_and_the_caller_hears_nothing()
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == "pstn" ? t with { SessionTimer = 120 } : t)] };
        Target.OnCall = static (phone, leg) =>
        {
            leg.Use(new SessionTimer());
            leg.Answer(phone.Session(), [new("Session-Expires", "120;refresher=uac")]);
        };
        CallIn();
        Decide(Invite());
        Run(100);
        var toTarget = Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
        Assert.Equal("120", toTarget.Header("Session-Expires"));
        var heard = Caller.Log.ToList();
        Run(200_000);
        Assert.Equal(3, Target.Log.Count(l => l == "UPDATE"));
        Assert.Equal(heard, Caller.Log);
        Target.OnAsked = (_, request) => request.Respond(503);
        Run(200_000);
        Assert.Equal("call_ended system session_expired", Story()[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    [Trait("RFC", "4028 §4")]
    public void A_target_that_says_less_than_is_allowed_is_refreshed_in_time_all_the_same(int seconds)
    {
        Target.OnCall = (phone, leg) => leg.Answer(phone.Session(), [new("Session-Expires", $"{seconds};refresher=uac"), new("Require", "timer")]);
        Target.OnAsked = (_, request) => request.Respond(200, null, null, [new("Session-Expires", $"{seconds};refresher=uac")]);
        CallIn();
        Decide(Invite());
        Run(60_000);
        Assert.InRange(Target.Log.Count(l => l == "UPDATE"), 20, 60);
        Assert.Equal(1, Shard.Calls.Count);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(300, "300;refresher=uac")]
    [Trait("RFC", "4028 §9")]
    public void A_trunk_says_whether_its_callers_sessions_expire(int setting, string? says)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == "carrier" ? t with { SessionTimer = setting } : t)] };
        Call(new HeaderLine("Supported", "timer"), new HeaderLine("Session-Expires", "600"));
        Assert.Equal(says, Network.Log.Last(s => s.Kind == "200" && s.To.Equals(Caller.Host.EndPoint)).Header("Session-Expires"));
    }

    [Fact]
    [Trait("RFC", "4028 §9")]
    public void A_caller_whose_interval_is_too_short_is_refused_and_no_call_is_made_of_it()
    {
        CallIn(headers: [new HeaderLine("Supported", "timer"), new HeaderLine("Session-Expires", "60")]);
        Assert.Equal("90", Network.Log.Single(s => s.Kind == "422").Header("Min-SE"));
        Assert.Empty(Journal.Events);
        Assert.Equal(0, Shard.Calls.Count);
    }

    [Theory]
    [InlineData(89)]
    [InlineData(-1)]
    [InlineData(86_401)]
    public void An_interval_that_no_peer_would_take_is_refused_by_its_key(int seconds)
    {
        var wrong = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", From = ["10.0.0.2"], SessionTimer = seconds }]));
        Assert.StartsWith("Trunks:x:SessionTimer", wrong.Message, StringComparison.Ordinal);
    }

    private void Call(params HeaderLine[] headers) => Call(Caller.Session(), headers);

    private void Call(Content offer, params HeaderLine[] headers)
    {
        TargetAnswers();
        CallIn("+15557654321", offer, headers);
        Decide(Invite());
        Run(100);
        Assert.Equal("call_started, call_answered target, call_answered caller", StoryOf(typeof(CallStarted), typeof(CallAnswered)));
    }
}
