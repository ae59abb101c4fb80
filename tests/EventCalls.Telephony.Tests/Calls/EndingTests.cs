using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Calls;

public sealed class EndingTests : EdgeTest
{
    [Fact]
    public void A_journal_that_throws_ends_the_call_and_not_the_shard()
    {
        Journal.Appending = e => _ = e is TransferStarted ? throw new InvalidOperationException("broken") : 0;
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal(["call_started", "transfer_failed error final", "call_ended system error 500"], Story());
        Assert.Equal("500", Caller.Log[^1]);
        Assert.Empty(Target.Log);
        Journal.Appending = null;
        AssertOver();
        TargetAnswers();
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    public void A_journal_that_takes_nothing_at_all_still_lets_the_caller_go()
    {
        Journal.Appending = _ => throw new InvalidOperationException("broken");
        CallIn();
        Run(100);
        Assert.Equal("500", Caller.Log[^1]);
        Assert.Equal(0, Shard.Calls.Count);
    }

    [Fact]
    public void A_fault_in_a_connected_call_ends_both_legs_and_is_recorded_once()
    {
        Bridge();
        Journal.Appending = e => _ = e is CallEnded { Cause: CallEndCause.HungUp } ? throw new InvalidOperationException("broken") : 0;
        Target.Leg!.Bye();
        Run(100);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Equal(0, Shard.Calls.Count);
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("ringing")]
    [InlineData("connected")]
    [InlineData("referred")]
    [InlineData("unconfirmed")]
    public void A_node_that_stops_ends_every_call_in_whatever_state(string state)
    {
        if (state == "connected")
            TargetAnswers();
        CallIn();
        Journal.ConfirmsAtOnce = state != "unconfirmed";
        if (state != "pending")
            Decide(state == "referred" ? Refer() : Invite());
        Run(100);
        Shard.EndAll();
        Run(100);
        Assert.StartsWith("call_ended system node_stopped", Story()[^1], StringComparison.Ordinal);
        if (state is "ringing" or "referred" or "unconfirmed")
            Assert.Equal((TransferOutcome.Cancelled, LocalEvidence.NodeStopped), (Single<TransferFailed>().Outcome, Single<TransferFailed>().Evidence.Here()));
        Assert.Equal(state is "connected" or "referred" ? "bye" : "480", Caller.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void After_many_calls_of_every_kind_nothing_is_left()
    {
        Caller.OnAsked = (phone, request) =>
        {
            if (request.Method == SipMethod.Refer)
                request.Respond(phone.Legs.Count % 2 == 0 ? 202 : 405);
            else
                request.Respond(200, null, request.Method == SipMethod.Invite ? phone.Session() : null);
        };
        var ways = new Action<OutgoingLeg>[]
        {
            _ => Decide(Reject(404)),
            leg =>
            {
                Decide(Invite());
                Run(20);
                leg.Cancel();
            },
            leg =>
            {
                Target.OnCall = (phone, called) => called.Answer(phone.Session());
                Decide(Invite());
                Run(60);
                leg.Bye();
                Target.OnCall = null;
            },
            _ =>
            {
                Decide(Refer());
                Run(40);
                Caller.Notify("SIP/2.0 200 OK", "terminated");
            },
            leg =>
            {
                Decide(Refer());
                Run(40);
                leg.Bye();
            },
            _ => Decide(Invite("nonsense")),
            _ => Run(10),
            _ =>
            {
                Target.OnCall = (_, called) => called.Reject(486);
                Decide(Invite());
                Run(40);
                Target.OnCall = null;
            },
            _ => Decide(Invite() with { RingTimeoutSeconds = 1 }, Reject()),
        };
        for (int i = 0; i < 900; i++)
        {
            var leg = CallIn();
            ways[i % ways.Length](leg);
            Run(50);
        }
        Run(120_000);
        Assert.Equal(900, Journal.Events.OfType<CallStarted>().Count());
        AssertOver();
    }

    [Fact]
    public void Loss_and_doubled_messages_leave_complete_streams_and_nothing_behind()
    {
        var chance = new Random(7);
        Network.Lose = _ => chance.Next(5) == 0;
        Network.Duplicate = _ => chance.Next(5) == 0;
        TargetAnswers();
        Caller.OnAsked = (phone, request) =>
        {
            request.Respond(request.Method == SipMethod.Refer ? 202 : 200, null, request.Method == SipMethod.Invite ? phone.Session() : null);
            if (request.Method == SipMethod.Refer)
                phone.Notify("SIP/2.0 486 Busy Here", "terminated");
        };
        for (int i = 0; i < 60; i++)
        {
            int before = Journal.Events.Count;
            var leg = CallIn();
            Run(4_000);
            if (Journal.Events.Count > before && Journal.Events[^1] is not CallEnded)
                Decide(i % 2 == 0 ? [Invite(), Reject()] : [Refer(), Invite(), Reject()]);
            Run(20_000);
            leg.Bye();
            Run(70_000);
        }
        Network.Lose = null;
        Network.Duplicate = null;
        Run(200_000);
        Assert.True(Journal.Events.OfType<CallStarted>().Count() >= 55);
        AssertOver();
    }

    [Fact]
    public void A_throw_in_a_timer_of_one_leg_ends_the_call_with_BYE_on_both_and_one_CallEnded()
    {
        Pings = 1_000;
        Bridge();
        bool thrown = false;
        Network.Lose = sent =>
        {
            if (thrown || sent.Kind != "OPTIONS")
                return false;
            thrown = true;
            throw new InvalidOperationException("thrown by the test");
        };
        Run(2_000);
        Assert.True(thrown);
        Assert.Equal("call_ended system error", Story()[^1]);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        Network.Lose = null;
        AssertOver();
    }

    [Theory]
    [InlineData("connected")]
    [InlineData("refused, then connected")]
    [InlineData("refused by all")]
    [InlineData("silent, then refused")]
    [InlineData("replaced")]
    [InlineData("referred")]
    [InlineData("undecided")]
    public void Whatever_throws_at_whatever_event_ends_that_call_and_leaves_nothing(string course)
    {
        // A broken journal throws out of a handler, a timer or posted work, whichever records the event.
        bool thrown = true;
        for (int at = 2; thrown; at++)
        {
            int seen = 0;
            thrown = false;
            Journal.Appending = e =>
            {
                if (thrown || ++seen < at)
                    return;
                thrown = true;
                throw new InvalidOperationException($"thrown by the test at {CallEventNames.Of(e)}");
            };
            Play(course);
            Journal.Appending = null;
            Caller.Leg!.Bye();
            Run(200_000);
            Assert.Equal(0, Shard.Calls.Count);
            Assert.Equal(0, Shard.Agent.OpenLegs);
            Assert.Equal(0, Shard.Agent.OpenTransactions);
            Assert.Equal(0, Shard.Agent.Wheel.Count);
            var story = Journal.Events.Where(e => e.CallId == Started.CallId).ToList();
            Assert.True(story.OfType<CallEnded>().Count() <= 1, string.Join(", ", Story()));
            if (thrown && story[^1] is CallEnded { EndedBy: var by })
                Assert.Equal(CallParty.System, by);
        }
    }

    private void Play(string course)
    {
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        switch (course)
        {
            case "connected":
                TargetAnswers();
                Decide(Invite());
                break;
            case "refused, then connected":
                TargetRefuses(486);
                Decide(Invite(), Invite(endpoint: "second"));
                break;
            case "refused by all":
                TargetRefuses(486);
                Decide(Invite(), Invite());
                break;
            case "silent, then refused":
                Target.OnCall = static (_, _) => { };
                Decide(Invite() with { RingTimeoutSeconds = 7 }, Reject());
                break;
            case "replaced":
                TargetAnswers();
                Decide(Invite());
                Run(100);
                Hand(Requester.Api, Invite(endpoint: "second"));
                break;
            case "referred":
                Decide(Refer(), Reject());
                break;
        }
        Run(40_000);
    }

    [Fact]
    public void A_caller_that_could_not_be_hung_up_on_does_not_become_a_call()
    {
        _ = Shard;
        Caller.Host.Send(NodeHost, """
            INVITE sip:+15557654321@10.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKu
            From: <sip:+15551234567@10.0.0.2>;tag=c
            To: <sip:+15557654321@10.0.0.1>
            Call-ID: u
            CSeq: 1 INVITE
            Contact: <sip:u"@127.0.0.1:9>
            """);
        Run(50);
        Assert.Equal("SIP/2.0 400 Bad Contact", Network.Log.Last().StartLine);
        Assert.Empty(Journal.Events);
        Assert.Equal(0, Shard.Agent.OpenTransactions);
    }
}
