using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

public sealed class RoutingTests : EdgeTest
{
    [Fact]
    public void Without_a_decision_the_default_is_taken_at_the_deadline()
    {
        CallIn();
        Run(1_900);
        Assert.Equal(["call_started"], Story());
        Run(200);
        Assert.Equal(
            [
                "call_started",
                "routing_timed_out",
                "handoff_requested default",
                "transfer_started 1 reject",
                "transfer_completed accepted",
                "call_ended system rejected 480",
            ],
            Story());
        Assert.Equal("reject 480", Single<RoutingTimedOut>().DefaultTaken);
        Assert.Equal(2000, Single<RoutingTimedOut>().DeadlineMs);
        AssertOver();
    }

    [Fact]
    public void The_routers_are_asked_once_more_before_the_deadline()
    {
        Options = Options with { AskAgainMs = 1_500 };
        CallIn();
        Run(1_400);
        Assert.Empty(Messages.AskedAgain);
        Run(200);
        Assert.Equal(Started, Assert.Single(Messages.AskedAgain));
        Run(300);
        Assert.Equal(["call_started"], Story());
        Run(200);
        Assert.Single(Messages.AskedAgain);
        Assert.Equal("reject 480", Single<RoutingTimedOut>().DefaultTaken);
        AssertOver();
    }

    [Fact]
    public void An_answer_to_the_second_question_is_carried_out_and_one_to_the_first_does_nothing_then()
    {
        Options = Options with { AskAgainMs = 1_500 };
        TargetAnswers();
        CallIn();
        Run(1_700);
        var handoff = Decide(Invite());
        Shard.Take(handoff);
        Run(1_000);
        Assert.Single(Journal.Events.OfType<TransferStarted>());
        Assert.Empty(Journal.Events.OfType<RoutingTimedOut>());
    }

    [Fact]
    public void A_call_that_waits_asks_again_at_once_when_the_routers_are_lost_and_one_that_is_decided_does_not()
    {
        TargetAnswers();
        CallIn();
        Run(100);
        Shard.AskAgain();
        Run(10);
        Assert.Equal(Started, Assert.Single(Messages.AskedAgain));

        Decide(Invite());
        Run(10);
        Shard.AskAgain();
        Run(10);
        Assert.Single(Messages.AskedAgain);
    }

    [Fact]
    public void A_call_that_is_not_recorded_yet_asks_nobody()
    {
        Options = Options with { AskAgainMs = 1_500 };
        Journal.ConfirmsAtOnce = false;
        CallIn();
        Run(1_600);
        Assert.Empty(Messages.AskedAgain);
    }

    [Fact]
    public void A_question_for_a_new_decision_is_asked_once_more_too()
    {
        Options = Options with { AskAgainMs = 1_500 };
        TargetRefuses(486);
        CallIn();
        Decide(Invite());
        Run(1_400);
        Assert.Single(Messages.Reroutes);
        Run(300);
        Assert.Equal(2, Messages.Reroutes.Count);
        Assert.Equal(Messages.Reroutes[0], Messages.Reroutes[1]);
    }

    [Fact]
    public void A_configured_default_is_carried_out_like_any_handoff()
    {
        Options = Options with { DeadlineMs = 300, DefaultSteps = [Invite(), Reject(404)] };
        TargetRefuses(486);
        CallIn();
        Run(600);
        Assert.Equal(
            [
                "call_started",
                "routing_timed_out",
                "handoff_requested default",
                "transfer_started 1 invite sip:+12222222@10.0.0.3:5060",
                "transfer_failed busy",
                "transfer_started 2 reject",
                "transfer_completed accepted",
                "call_ended system rejected 404",
            ],
            Story());
        Assert.Equal("invite +12222222 via pstn, else reject 404", Single<RoutingTimedOut>().DefaultTaken);
        AssertOver();
    }

    [Fact]
    public void A_default_that_fails_ends_the_call_with_a_status_that_fits_and_asks_nobody()
    {
        Options = Options with { DefaultSteps = [Invite()] };
        TargetRefuses(486);
        CallIn();
        Run(2_500);
        Assert.Equal(["transfer_failed busy final", "call_ended system rejected 486"], Story()[^2..]);
        Assert.Empty(Messages.Reroutes);
        AssertOver();
    }

    [Fact]
    public void The_defaults_own_handoff_that_comes_back_over_the_bus_does_nothing()
    {
        Options = Options with { DefaultSteps = [Invite()] };
        CallIn();
        Run(2_100);
        Shard.Take(Single<HandoffRequested>());
        Run(50);
        Assert.Single(Journal.Events.OfType<TransferStarted>());
        Assert.Single(Target.Legs);
    }

    [Fact]
    public void A_decision_after_the_deadline_is_refused_and_recorded_so()
    {
        Options = Options with { DefaultSteps = [Invite()] };
        TargetAnswers();
        CallIn();
        Run(2_200);
        Decide(Invite(endpoint: "second"));
        Run(100);
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Assert.Equal(LocalEvidence.DecidedTooLate, Last<TransferFailed>().Evidence.Here());
        Assert.Empty(Second.Legs);
        Caller.Leg!.Bye();
        Run(50);
        Assert.Equal("call_ended caller hung_up", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void When_every_step_failed_the_router_is_asked_and_its_decision_carried_out()
    {
        TargetRefuses(486);
        Second.OnCall = (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        var first = Decide(Invite(), Invite("+13333"));
        Run(200);
        Assert.Equal(["transfer_failed busy", "transfer_started 2 invite sip:+13333@10.0.0.3:5060", "transfer_failed busy final"], Story()[^3..]);
        var reroute = Assert.Single(Messages.Reroutes);
        Assert.Equal(Started, reroute.Started);
        Assert.Equal(first.Selected, reroute.Selected);
        Assert.Equal(Last<TransferFailed>(), reroute.Failed);
        Assert.Equal("sip:+13333@10.0.0.3:5060", reroute.Target);
        Assert.False(reroute.CallerAnswered);
        Decide(Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(["transfer_started 1 invite sip:+12222222@10.0.0.4:5060", "call_answered target", "call_answered caller", "transfer_completed answered"], Story()[^4..]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_router_is_asked_only_when_the_failure_is_recorded()
    {
        TargetRefuses(486);
        CallIn();
        Decide(Invite() with { SipHeaders = [] });
        Journal.ConfirmsAtOnce = false;
        Run(20);
        Assert.Equal("transfer_failed busy final", Story()[^1]);
        Assert.Empty(Messages.Reroutes);
        Journal.Confirm();
        Assert.Single(Messages.Reroutes);
    }

    [Fact]
    public void A_router_that_does_not_decide_anew_leaves_the_default()
    {
        TargetRefuses(486);
        CallIn();
        Decide(Invite());
        Run(100);
        var failed = Single<TransferFailed>();
        Run(2_000);
        Assert.Equal(failed.EventId, Single<RoutingTimedOut>().CausationId);
        Assert.Equal("call_ended system rejected 480", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_bus_that_does_not_take_the_question_leaves_the_default()
    {
        Messages.Throws = new InvalidOperationException("down");
        TargetRefuses(486);
        CallIn();
        Decide(Invite());
        Run(2_200);
        Assert.Equal("call_ended system rejected 480", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_call_goes_through_no_more_than_ten_handoffs()
    {
        TargetRefuses(486);
        CallIn();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(i, Messages.Reroutes.Count);
            Decide(Invite());
            Run(100);
        }
        Assert.Equal(9, Messages.Reroutes.Count);
        Assert.Equal(["transfer_failed busy final", "call_ended system rejected 486"], Story()[^2..]);
        AssertOver();
    }

    [Fact]
    public void A_handoff_delivered_twice_dials_once()
    {
        CallIn();
        var handoff = Decide(Invite());
        Run(50);
        Shard.Take(handoff);
        Shard.Take(handoff with { EventId = Guid.CreateVersion7() });
        Run(50);
        Assert.Single(Target.Legs);
        Assert.Single(Journal.Events.OfType<TransferStarted>());
        Assert.DoesNotContain(Journal.Events, e => e is TransferFailed);
    }

    [Fact]
    public void A_handoff_for_an_unknown_or_ended_call_is_left_alone()
    {
        var leg = CallIn();
        leg.Cancel();
        Run(50);
        int before = Journal.Events.Count;
        Decide(Invite());
        Shard.Take(new HandoffRequested
        {
            EventId = Guid.CreateVersion7(),
            CallId = Guid.CreateVersion7(),
            CausationId = Guid.Empty,
            OccurredAt = Time.GetUtcNow(),
            Node = "edge-1",
            HandoffId = Guid.CreateVersion7(),
            Steps = [Invite()],
            RequestedBy = Requester.Router,
        });
        Run(50);
        Assert.Equal(before, Journal.Events.Count);
        AssertOver();
    }

    [Fact]
    public void A_handoff_without_steps_is_refused_and_the_call_goes_on_waiting()
    {
        CallIn();
        Hand(Requester.Router);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Decide(Reject(404));
        Run(20);
        Assert.Equal("call_ended system rejected 404", Story()[^1]);
    }

    [Fact]
    public void Nothing_is_dialled_before_the_bus_has_confirmed_the_attempt()
    {
        CallIn();
        Journal.ConfirmsAtOnce = false;
        Decide(Invite());
        Run(1_000);
        Assert.Equal("transfer_started 1 invite sip:+12222222@10.0.0.3:5060", Story()[^1]);
        Assert.Empty(Target.Log);
        Journal.Confirm();
        Run(50);
        Assert.Equal(["invite"], Target.Log);
    }

    [Fact]
    public void A_confirmation_that_never_comes_ends_the_call()
    {
        CallIn();
        Journal.ConfirmsAtOnce = false;
        Decide(Invite(), Invite(endpoint: "second"));
        Run(30_100);
        Assert.Equal(["transfer_failed error final", "call_ended system error 503"], Story()[^2..]);
        Assert.Equal(LocalEvidence.NotConfirmed, Single<TransferFailed>().Evidence.Here());
        Assert.Empty(Target.Log);
        Journal.Confirm();
        Run(100);
        Assert.Empty(Target.Log);
        AssertOver();
    }

    [Fact]
    public void A_confirmation_after_the_caller_cancelled_dials_nobody()
    {
        var leg = CallIn();
        Journal.ConfirmsAtOnce = false;
        Decide(Invite());
        leg.Cancel();
        Run(50);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller cancelled 487"], Story()[^2..]);
        Journal.Confirm();
        Run(50);
        Assert.Empty(Target.Log);
        AssertOver();
    }

    [Fact]
    public void The_caller_is_answered_on_hold_at_once_when_configured_so()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        CallIn();
        Assert.Equal(["call_started", "call_answered caller"], Story());
        Assert.Contains("a=inactive", Caller.Heard);
        Decide(Invite());
        Run(200);
        Assert.Equal(["200", "INVITE WITH BODY", "ack of re-invite"], Caller.Log);
        Assert.Contains("c=IN IP4 10.0.0.3", Caller.Heard);
        Assert.Null(Journal.Events.OfType<CallAnswered>().First().HandoffId);
        Caller.Leg!.Bye();
        Run(50);
        AssertOver();
    }

    [Fact]
    public void An_offer_that_cannot_be_held_is_rejected_when_answering_at_once()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        _ = Shard;
        Caller.Call(NodeHost, new Content("application/sdp", "v=0\r\nm=video 4000 RTP/AVP 96\r\n"u8.ToArray()));
        Run(50);
        Assert.Equal(["call_started", "call_ended system rejected 488"], Story());
        AssertOver();
    }

    [Theory]
    [InlineData(PendingRing.None, "")]
    [InlineData(PendingRing.Ringing, "180")]
    [InlineData(PendingRing.Progress, "183")]
    public void What_the_caller_hears_while_the_decision_is_pending_is_configured(PendingRing ring, string heard)
    {
        Options = Options with { PendingRing = ring };
        CallIn();
        Assert.Equal(heard, string.Join(",", Caller.Log));
    }

    [Fact]
    public void A_caller_who_hangs_up_while_the_decision_is_pending_ends_the_call()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        CallIn();
        Run(50);
        Caller.Leg!.Bye();
        Run(50);
        Assert.Equal("call_ended caller hung_up", Story()[^1]);
        AssertOver();
    }
}
