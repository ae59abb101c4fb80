using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Attended transfers: two calls of ours are joined, or an INVITE takes the place of one side of a call (RFC 3891).</summary>
public class AttendedTransferTests : EdgeTest
{
    public AttendedTransferTests()
        : this(1)
    {
    }

    private protected AttendedTransferTests(int shards)
    {
        ShardCount = shards;
        Options = Options with { Trunks = [.. Options.Trunks.Select(static t => t.Name == "second" ? t with { From = ["10.0.0.4"] } : t)] };
    }

    private bool IsOnSeveral => ShardCount > 1;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "5589 §7.1")]
    public void A_caller_with_two_calls_joins_whom_it_talks_to(bool isTaken)
    {
        var (first, second) = TwoCalls();
        if (!isTaken)
            Second.OnAsked = static (_, request) => request.Respond(488);
        Caller.Refer($"sip:second@10.0.0.4:5060?Replaces={Uri.EscapeDataString(Named(second))}", leg: first);
        Run(200);

        Assert.Equal(isTaken ? "notified 200, the last" : "notified 488, the last", Caller.Log.Last(l => l.StartsWith("notified", StringComparison.Ordinal)));
        Assert.Equal(2, Network.Log.Where(s => s.Kind == "INVITE" && s.From.Equals(NodeHost.EndPoint)).Select(s => s.Header("Call-ID")).Distinct().Count());
        if (!isTaken)
        {
            Assert.Equal((LegState.Confirmed, LegState.Confirmed), (first.State, second.State));
            return;
        }
        Assert.Contains("m=audio 4008", Target.Heard);
        Assert.Contains("m=audio 4006", Second.Heard);
        // Once each: what both have agreed on is not asked for again.
        Assert.Equal((1, 1), (Target.Log.Count(l => l == "INVITE WITH BODY"), Second.Log.Count(l => l == "INVITE WITH BODY")));
        Run(3_000);
        Assert.Equal((LegState.Ended, LegState.Ended), (first.State, second.State));
        // Two calls of two shards both go on, each as the other's side.
        Assert.Equal(IsOnSeveral ? 0 : 1, Journal.Events.OfType<CallEnded>().Count(e => e.Cause == CallEndCause.Transferred));
        Second.Leg!.ReInvite(Second.Session("sendonly"), null, Second);
        Run(100);
        Assert.Contains("a=sendonly", Target.Heard);
        Second.Leg.Bye();
        Run(100);
        Assert.Equal("bye", Target.Log[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public void An_INVITE_takes_the_place_of_the_target_which_hears_BYE()
    {
        Bridge();
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(Target.Leg!)));
        Run(200);

        Assert.Equal("200", Second.Log[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Contains("m=audio 4004", Second.Heard);
        Assert.Single(Journal.Events.OfType<CallStarted>());
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(100);
        Assert.Contains("a=sendonly", Second.Heard);
        Second.Leg!.Bye();
        Run(100);
        Assert.Equal("bye", Caller.Log[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public void Who_takes_the_place_of_the_caller_is_the_caller_in_all_that_is_recorded_from_then_on()
    {
        Bridge();
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(Caller.Leg!)));
        Run(200);
        Assert.Equal(("200", "bye"), (Second.Log[^1], Caller.Log[^1]));
        Second.Leg!.Request(SipMethod.Info, new Content("application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"u8.ToArray()), null, Second);
        Run(50);
        Target.Leg!.Request(SipMethod.Info, new Content("application/dtmf-relay", "Signal=6\r\nDuration=100\r\n"u8.ToArray()), null, Target);
        Run(50);
        Assert.Equal(["caller 5", "target 6"], Journal.Events.OfType<DtmfReceived>().Select(e => $"{e.Leg} {e.Digit}"));
        Second.Leg.Bye();
        Run(100);
        Assert.Equal("call_ended caller hung_up", Story()[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public void The_target_of_a_replaced_caller_is_the_one_that_hangs_up_when_it_does()
    {
        Bridge();
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(Caller.Leg!)));
        Run(200);
        Target.Leg!.Bye();
        Run(100);
        Assert.Equal("call_ended target hung_up", Story()[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "5589 §7.1")]
    public void A_dialog_that_has_ended_meanwhile_is_refused_481_and_the_first_call_goes_on()
    {
        var (first, second) = TwoCalls();
        string named = Named(second);
        second.Bye();
        Run(200);
        Caller.Refer($"sip:second@10.0.0.1:5060?Replaces={Uri.EscapeDataString(named)}", leg: first);
        Run(200);
        Assert.Equal(IsOnSeveral ? "notified 481, the last" : "notified 403, the last", Caller.Log.Last(l => l.StartsWith("notified", StringComparison.Ordinal)));
        Assert.Equal(LegState.Confirmed, first.State);
        first.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("RFC", "3261 §9.2, 3891 §3")]
    public void An_INVITE_with_Replaces_is_cancelled_while_the_kept_side_thinks_about_the_new_session(bool replacesCaller)
    {
        Bridge();
        var (kept, replaced) = replacesCaller ? (Target, Caller) : (Caller, Target);
        for (int i = 0; i < 4; i++)
        {
            IncomingRequest? held = null;
            kept.OnAsked = (phone, request) =>
            {
                if (held is null)
                    held = request;
                else
                    request.Respond(200, null, phone.Session());
            };
            var leg = Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(replaced.Leg!)));
            Run(50);
            leg.Cancel();
            Run(50);
            Assert.Equal("487", Second.Log[^1]);
            held!.Respond(200, null, kept.Session());
            Run(100);
            Assert.Contains(replacesCaller ? "m=audio 4004" : "m=audio 4006", kept.Heard);
        }
        Assert.Equal((LegState.Confirmed, LegState.Confirmed), (Caller.Leg!.State, Target.Leg!.State));
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "5589 §7.1")]
    public void Who_is_to_be_joined_hangs_up_while_the_other_thinks_about_it_and_that_one_hears_the_old_side_again()
    {
        var (first, second) = TwoCalls();
        IncomingRequest? held = null;
        Target.OnAsked = (phone, request) =>
        {
            if (held is null)
                held = request;
            else
                request.Respond(200, null, phone.Session());
        };
        Caller.Refer($"sip:second@10.0.0.4:5060?Replaces={Uri.EscapeDataString(Named(second))}", leg: first);
        Run(200);
        Assert.Contains("m=audio 4008", Target.Heard);
        Second.Leg!.Bye();
        Run(100);
        held!.Respond(200, null, Target.Session());
        Run(100);
        Assert.Contains("m=audio 4004", Target.Heard);
        Assert.StartsWith("notified ", Caller.Log.Last(static l => l.EndsWith(", the last", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal((LegState.Confirmed, LegState.Confirmed), (first.State, Target.Leg!.State));
        first.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §9.2")]
    public void A_CANCEL_of_what_nobody_has_is_answered_481()
    {
        Bridge();
        Second.Host.Send(NodeHost, """
            CANCEL sip:+15557654321@10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bKnothing
            Max-Forwards: 70
            From: <sip:second@10.0.0.4>;tag=1
            To: <sip:+15557654321@10.0.0.1>
            Call-ID: nothing
            CSeq: 1 CANCEL
            """);
        Run(50);
        Assert.Equal("481", Assert.Single(Network.Log, static s => s.Header("Call-ID") == "nothing" && s.From.Port == 5060 && s.To.ToString() == "10.0.0.4:5060").Kind);
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public void The_kept_side_does_not_take_the_new_session_so_the_call_stays_as_it_is()
    {
        Bridge();
        Caller.OnAsked = static (_, request) => request.Respond(488);
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(Target.Leg!)));
        Run(200);

        Assert.Equal("488", Second.Log[^1]);
        Assert.Equal((LegState.Confirmed, LegState.Confirmed), (Caller.Leg!.State, Target.Leg!.State));
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData("{0}", ";early-only", "486")]
    [InlineData("nobody;to-tag=1;from-tag=2", "", "481")]
    [InlineData("nothing", "", "400")]
    [Trait("RFC", "3891 §3")]
    public void What_cannot_be_replaced_is_refused(string replaces, string more, string status)
    {
        Bridge();
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", string.Format(System.Globalization.CultureInfo.InvariantCulture, replaces, Named(Target.Leg!)) + more));
        Run(200);

        Assert.Equal(status, Second.Log[^1]);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public void A_target_that_rings_cannot_be_replaced_yet_and_rings_on()
    {
        Target.OnCall = static (_, leg) => leg.Ring(180);
        CallIn();
        Decide(Invite());
        Run(100);
        Second.Call(NodeHost, Second.Session(), headers: new HeaderLine("Replaces", Named(Target.Leg!)));
        Run(200);

        Assert.Equal("491", Second.Log[^1]);
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(100);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
    }

    [Fact]
    [Trait("RFC", "3891 §5")]
    public void A_dialog_that_is_not_ours_is_named_to_the_new_target()
    {
        Bridge();
        Target.Refer("sip:second@10.0.0.4:5060?Replaces=elsewhere%3Bto-tag%3D1%3Bfrom-tag%3D2");
        Run(50);

        Assert.Contains("Replaces: elsewhere;to-tag=1;from-tag=2", Second.Invite);
    }

    /// <summary>The dialog as we, its other end, see it.</summary>
    private static string Named(Leg ofPeer) => $"{ofPeer.CallId};to-tag={ofPeer.RemoteTag};from-tag={ofPeer.LocalTag}";

    private (Leg First, Leg Second) TwoCalls()
    {
        TargetAnswers();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        var first = CallIn();
        Decide(Invite());
        Run(100);
        int shard = CallIds.ShardOf(Started.CallId);
        var second = CallIn();
        // On several shards the two are to be on two.
        while (IsOnSeveral && CallIds.ShardOf(Started.CallId) == shard)
        {
            Decide(Reject());
            Run(100);
            second = CallIn();
        }
        Decide(Invite(endpoint: "second"));
        Run(100);
        return (first, second);
    }
}
