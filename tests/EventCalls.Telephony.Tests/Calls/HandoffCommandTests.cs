using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>A handoff that is ordered while the call is under way.</summary>
public sealed class HandoffCommandTests : CommandTest
{
    [Fact]
    public void A_caller_who_talks_is_moved_to_another_target_and_the_first_one_is_hung_up_on()
    {
        Bridge();
        SecondAnswers();
        var answer = Give(Handoff(Invite(endpoint: "second")));
        Run(100);

        Assert.Equal(CommandResult.Taken, answer!.Result);
        Assert.Contains("o=caller", Second.Heard);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Equal("bye", Target.Log[^1]);
        var handoff = Last<HandoffRequested>();
        Assert.Equal((Requester.Api, "vip", Command.EventId), (handoff.RequestedBy, handoff.Reason, handoff.CausationId));
        Assert.Equal((CommandKind.Handoff, "anna", "vip", handoff.HandoffId), (Command.Kind, Command.By, Command.Reason, Command.HandoffId));
        Assert.Equal(handoff.HandoffId, answer.HandoffId);
        Assert.Equal(EventIds.Handoff(handoff.CallId, Command.CommandId), handoff.HandoffId);
        // The last event before it was the answer of the caller, or what followed that.
        var events = Journal.Events;
        Assert.Equal(events[events.IndexOf(Command) - 1].EventId, Command.CausationId);
        Caller.Leg!.Bye();
        Run(100);
        Assert.Equal("bye", Second.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void Whom_the_caller_is_to_be_moved_to_is_busy_so_the_two_talk_on()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Reject(486);
        Assert.Equal(CommandResult.Taken, Give(Handoff(Invite(endpoint: "second")))!.Result);
        Run(100);

        Assert.Equal("transfer_failed busy final", Story()[^1]);
        Assert.Empty(Messages.Reroutes);
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(100);
        Assert.Contains("a=sendonly", Target.Heard);
        Target.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_second_step_is_tried_when_the_first_fails()
    {
        Bridge();
        SecondAnswers();
        Target.OnCall = static (_, leg) => leg.Reject(603);
        Give(Handoff(Invite(), Invite(endpoint: "second")));
        Run(100);

        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Assert.Equal("transfer_completed answered, transfer_failed declined, transfer_completed answered", StoryOf(typeof(TransferFailed), typeof(TransferCompleted)));
        Second.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_call_that_talks_is_given_back_with_BYE()
    {
        Bridge();
        Give(Handoff(new Handoff { Method = HandoffMethod.Bye, Reason = "done", SipHeaders = [new SipHeader("X-Ticket", "7")] }));
        Run(100);

        Assert.Equal("bye Q.850;cause=16;text=\"done\"", Caller.Log[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        Assert.Contains("X-Ticket: 7", Network.Log.Last(s => s.CSeqMethod == "BYE" && s.To.Equals(Caller.Host.EndPoint) && s.Kind == "BYE").Text);
        Assert.Equal(CallEndCause.GivenBack, Single<CallEnded>().Cause);
        AssertOver();
    }

    [Fact]
    public void Two_who_talk_are_not_refused_and_not_redirected()
    {
        Bridge();
        Give(Handoff(Reject(603), new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:x@10.0.0.4"] }));
        Run(100);

        Assert.All(Journal.Events.OfType<TransferFailed>(), f => Assert.StartsWith("call already answered", f.Evidence.ReasonPhrase, StringComparison.Ordinal));
        Assert.Equal(2, Journal.Events.OfType<TransferFailed>().Count());
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_handoff_overtakes_the_decision_that_is_waited_for()
    {
        SecondAnswers();
        CallIn();
        Assert.Equal(CommandResult.Taken, Give(Handoff(Invite(endpoint: "second")))!.Result);
        Run(100);
        Decide(Invite());
        Run(100);

        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Assert.Empty(Target.Legs);
        Assert.Equal(SipEvidence.Local(LocalEvidence.DecidedTooLate), Last<TransferFailed>().Evidence);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_was_answered_at_once_and_hears_nobody_is_connected()
    {
        Options = Options with { Answer = EventCalls.Telephony.Configuration.AnswerMode.Immediately };
        SecondAnswers();
        CallIn();
        Run(50);
        Give(Handoff(Invite(endpoint: "second")));
        Run(100);

        Assert.Contains("m=audio 4008", Caller.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void While_a_target_rings_another_handoff_is_not_taken_and_leaves_nothing_in_the_stream()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        var answer = Give(Handoff(Invite(endpoint: "second")));

        Assert.Equal(CommandResult.HandoffUnderWay, answer!.Result);
        Assert.Empty(Journal.Events.OfType<CommandTaken>());
        Caller.Leg!.Bye();
        ((OutgoingLeg)Caller.Leg).Cancel();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_call_has_as_many_handoffs_as_it_may_have()
    {
        Options = Options with { MaxHandoffs = 1 };
        Bridge();
        var answer = Give(Handoff(Invite(endpoint: "second")));

        Assert.Equal(CommandResult.HandoffUnderWay, answer!.Result);
        Assert.Contains("MaxHandoffs", answer.Problem);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void Nobody_is_dialled_before_the_command_is_recorded()
    {
        Bridge();
        SecondAnswers();
        Journal.ConfirmsAtOnce = false;
        Assert.Null(Give(Handoff(Invite(endpoint: "second")), out var later));
        Run(50);
        Assert.Empty(Second.Legs);
        Assert.Null(later());
        Journal.ConfirmsAtOnce = true;
        Journal.Confirm();
        Run(100);

        Assert.Equal(CommandResult.Taken, later()!.Result);
        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_same_command_twice_is_carried_out_once_and_answered_alike()
    {
        Bridge();
        SecondAnswers();
        var command = Handoff(Invite(endpoint: "second"));
        var first = Give(command);
        var second = Give(command with { Steps = [Invite(endpoint: "second")] });
        Run(100);
        var third = Give(command);

        Assert.Equal(first, second);
        Assert.Equal(first, third);
        Assert.Single(Journal.Events.OfType<CommandTaken>());
        Assert.Single(Second.Legs);
        Caller.Leg!.Bye();
        Run(100);
        Assert.Equal(first, Give(command));
        AssertOver();
    }

    [Fact]
    public void The_same_order_is_answered_alike_when_its_headers_came_out_otherwise()
    {
        Bridge();
        SecondAnswers();
        var command = Handoff(Invite(endpoint: "second")) with { Asked = "abc" };
        var first = Give(command);
        Run(100);

        Assert.Equal(first, Give(command with { Steps = [Invite(endpoint: "second") with { SipHeaders = [new SipHeader("X-State", "later")] }] }));
        Assert.Equal(CommandResult.OtherCommand, Give(command with { Asked = "def" })!.Result);
        Assert.Equal(CommandResult.OtherCommand, Give(command with { Asked = null })!.Result);
    }

    [Fact]
    public void The_same_id_with_another_target_is_another_command()
    {
        Bridge();
        SecondAnswers();
        var command = Handoff(Invite(endpoint: "second"));
        Give(command);
        Run(100);

        Assert.Equal(CommandResult.OtherCommand, Give(command with { Steps = [Invite("+13333333", "second")] })!.Result);
        Assert.Equal(CommandResult.OtherCommand, Give(command with { By = "bert" })!.Result);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_target_hangs_up_at_the_same_moment_and_the_caller_is_moved_nevertheless(bool targetIsFirst)
    {
        Bridge();
        SecondAnswers();
        if (targetIsFirst)
        {
            // Its BYE is on the way while the command is taken.
            Target.Leg!.Bye();
            Shard.Take(Handoff(Invite(endpoint: "second")) with { CallId = Started.CallId }, static _ => { });
        }
        else
        {
            Give(Handoff(Invite(endpoint: "second")));
            Target.Leg!.Bye();
        }
        Run(200);

        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_target_has_gone_and_whom_the_caller_is_moved_to_is_busy_so_the_routers_are_asked()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Give(Handoff(Invite(endpoint: "second")));
        Run(50);
        Target.Leg!.Bye();
        Run(50);
        ((IncomingLeg)Second.Leg!).Reject(486);
        Run(50);

        Assert.Equal(486, Assert.Single(Messages.Reroutes).Failed!.Evidence.Status);
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_caller_puts_the_target_on_hold_and_is_moved_when_that_is_done()
    {
        Bridge();
        SecondAnswers();
        IncomingRequest? hold = null;
        Target.OnAsked = (_, request) => hold = request;
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(30);
        Give(Handoff(Invite(endpoint: "second")));
        Run(100);
        // It has answered; the caller's session is being changed already.
        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Assert.DoesNotContain("m=audio 4008", Caller.Heard);
        hold!.Respond(200, null, Target.Session());
        Run(500);

        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Equal("bye", Target.Log[^1]);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_REFER_that_waits_for_its_decision_is_overtaken_and_it_is_the_caller_that_is_moved(bool callerRefers)
    {
        DecidesRefers = true;
        Bridge();
        SecondAnswers();
        (callerRefers ? Caller : Target).Refer("sip:person@10.0.0.4:5060");
        Run(50);
        var refer = Last<ReferReceived>();
        Assert.Single(Messages.Reroutes);
        Give(Handoff(Invite(endpoint: "second")));
        Run(100);
        Decide(refer, Invite(endpoint: "second"));
        Run(100);

        Assert.Contains("o=caller", Second.Heard);
        Assert.Single(Second.Legs);
        Assert.Equal("notified 487, the last", (callerRefers ? Caller : Target).Log.Last(l => l.StartsWith("notified", StringComparison.Ordinal)));
        Assert.Equal("bye", Target.Log[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void While_a_REFER_is_carried_out_no_handoff_is_taken()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Target.Refer("sip:person@10.0.0.4:5060");
        Run(50);

        Assert.Equal(CommandResult.HandoffUnderWay, Give(Handoff(Invite(endpoint: "second")))!.Result);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void What_cannot_be_carried_out_is_said_so_at_once()
    {
        Bridge();
        Assert.Equal(CommandResult.Invalid, Give(Handoff())!.Result);
        Assert.Equal(CommandResult.Invalid, Give(Handoff(Invite()) with { By = "" })!.Result);
        Assert.Equal(CommandResult.Invalid, Give(Handoff([.. Enumerable.Repeat(Invite(), 21)]))!.Result);
        Assert.Empty(Journal.Events.OfType<CommandTaken>());
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_call_that_is_over_takes_none_and_one_that_never_was_is_unknown()
    {
        Bridge();
        Give(State(("a", "1")));
        var first = Started.CallId;
        Caller.Leg!.Bye();
        Run(100);
        Assert.Equal(CommandResult.CallOver, Give(Handoff(Invite()))!.Result);
        Assert.Equal(CommandResult.UnknownCall, Give(Handoff(Invite()) with { CallId = Guid.CreateVersion7() })!.Result);
        Assert.Equal(first, Started.CallId);
        AssertOver();
    }
}
