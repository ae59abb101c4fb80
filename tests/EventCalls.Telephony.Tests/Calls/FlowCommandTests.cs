using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>A state that is changed, and a flow that is gone to, while the call is under way.</summary>
public sealed class FlowCommandTests : CommandTest
{
    [Fact]
    public void Two_who_talk_go_on_until_the_routers_have_decided_in_the_flow()
    {
        Bridge();
        SecondAnswers();
        Assert.Equal(CommandResult.Taken, Give(Flow("billing"))!.Result);

        var asked = Assert.Single(Messages.Reroutes);
        Assert.Equal((Command, "billing", Selected!.EventId), (asked.Command, Command.Flow, Command.After));
        Assert.Same(asked.Command, asked.Cause);
        Assert.Equal(("sip:+12222222@10.0.0.3:5060", true, Selected), (asked.Target, asked.CallerAnswered, asked.Selected));
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(50);
        Assert.Contains("a=sendonly", Target.Heard);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);

        Assert.Contains("o=caller", Second.Heard);
        Assert.Equal("bye", Target.Log[^1]);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void Nobody_decides_so_the_two_talk_on()
    {
        Bridge();
        Give(Flow("billing"));
        Run(Options.DeadlineMs + 100);

        var timedOut = Single<RoutingTimedOut>();
        Assert.Equal((Command.EventId, "none: the two who talk go on"), (timedOut.CausationId, timedOut.DefaultTaken));
        // What is decided later is too late.
        Decide(Command, Invite(endpoint: "second"));
        Run(100);
        Assert.Empty(Second.Legs);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Target.Leg.Bye();
        Run(100);
        Assert.Equal(CallParty.Target, Single<CallEnded>().EndedBy);
        AssertOver();
    }

    [Fact]
    public void The_routers_answer_that_it_came_to_nothing_and_the_two_talk_on()
    {
        Bridge();
        Give(Flow("nosuch"));
        Decide(Command, Reject());
        Run(100);

        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_routers_could_not_decide_so_the_two_talk_on_and_nothing_is_recorded_as_tried()
    {
        Bridge();
        string story = StoryOf(typeof(TransferStarted), typeof(TransferFailed), typeof(HandoffRequested));
        Give(Flow("nosuch"));
        DecideNothing(Command);
        Run(Options.DeadlineMs + 100);

        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Assert.Equal(story, StoryOf(typeof(TransferStarted), typeof(TransferFailed), typeof(HandoffRequested)));
        Assert.Empty(Journal.Events.OfType<RoutingTimedOut>());
        // The next one is taken as if this one had not been.
        SecondAnswers();
        Give(Flow("sales"));
        Assert.Equal(Selected, Messages.Reroutes[^1].Selected);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);
        Assert.Contains("o=caller", Second.Heard);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_target_hangs_up_before_the_routers_say_that_they_could_not_decide_so_the_caller_gets_the_default()
    {
        Options = Options with { DefaultSteps = [Invite(endpoint: "second")] };
        Bridge();
        SecondAnswers();
        Give(Flow("billing"));
        Target.Leg!.Bye();
        Run(50);
        var nothing = DecideNothing(Command);
        Run(100);

        Assert.Contains("o=caller", Second.Heard);
        var taken = Last<HandoffRequested>();
        Assert.Equal((nothing.EventId, Requester.Default), (taken.CausationId, taken.RequestedBy));
        Assert.Equal(HandoffMethod.Invite, Last<TransferCompleted>().Method);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void That_they_could_not_decide_changes_nothing_when_it_comes_too_late()
    {
        Bridge();
        Give(Flow("billing"));
        Run(Options.DeadlineMs + 100);
        int recorded = Journal.Events.Count;
        DecideNothing(Command);
        Run(100);

        Assert.Equal(recorded, Journal.Events.Count);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Target.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_flow_overtakes_the_decision_that_is_waited_for()
    {
        TargetAnswers();
        SecondAnswers();
        CallIn();
        Give(Flow("billing"));
        Assert.Null(Command.After);
        Assert.Null(Assert.Single(Messages.Reroutes).Selected);
        Decide(Invite());
        Run(100);
        Assert.Empty(Target.Legs);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);

        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void Of_two_flows_the_later_one_counts()
    {
        Bridge();
        SecondAnswers();
        Give(Flow("billing"));
        var first = Command;
        Give(Flow("sales"));
        Decide(first, Invite(endpoint: "second"));
        Run(100);
        Assert.Empty(Second.Legs);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);

        Assert.Single(Second.Legs);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_waits_for_a_decision_gets_the_default_when_nobody_decides_in_the_flow()
    {
        CallIn();
        Give(Flow("billing"));
        Run(Options.DeadlineMs + 100);

        Assert.Equal("480", Caller.Log[^1]);
        Assert.Equal(Command.EventId, Single<RoutingTimedOut>().CausationId);
        AssertOver();
    }

    [Fact]
    public void The_target_hangs_up_while_the_routers_decide_and_the_caller_is_kept()
    {
        Bridge();
        SecondAnswers();
        Give(Flow("billing"));
        Target.Leg!.Bye();
        Run(50);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);

        Assert.Contains("m=audio 4008", Caller.Heard);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_target_hangs_up_and_nobody_decides_so_the_caller_gets_the_default()
    {
        Bridge();
        Give(Flow("billing"));
        Target.Leg!.Bye();
        Run(Options.DeadlineMs + 100);

        Assert.StartsWith("bye", Caller.Log[^1], StringComparison.Ordinal);
        AssertOver();
    }

    [Fact]
    public void A_REFER_that_comes_while_the_routers_decide_is_to_come_again_later()
    {
        Bridge();
        Give(Flow("billing"));
        Target.Refer("sip:person@10.0.0.4:5060");
        Run(50);

        Assert.Equal("REFER 491", Target.Log[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_flow_overtakes_the_decision_on_a_REFER()
    {
        DecidesRefers = true;
        Bridge();
        SecondAnswers();
        Caller.Refer("sip:person@10.0.0.4:5060");
        Run(50);
        Give(Flow("billing"));
        Run(50);
        Assert.Equal("notified 487, the last", Caller.Log[^1]);
        Decide(Command, Invite(endpoint: "second"));
        Run(100);

        Assert.Contains("o=caller", Second.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void While_a_target_rings_no_flow_is_taken_but_a_state_is()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        Assert.Equal(CommandResult.HandoffUnderWay, Give(Flow("billing"))!.Result);
        Assert.Equal(CommandResult.Taken, Give(State(("vip", "true")))!.Result);
        ((IncomingLeg)Target.Leg!).Reject(486);
        Run(50);

        Assert.True(Assert.Single(Messages.Reroutes).State!["vip"].GetBoolean());
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_changed_state_is_what_the_next_decision_begins_with_and_the_one_after_begins_with_what_that_leaves()
    {
        Bridge();
        Give(State(("vip", "true"), ("queue", "\"a\"")));
        Give(State(("queue", "null"), ("n", "1")));
        var changed = Last<StateChanged>();
        Assert.Equal(Command.EventId, changed.CausationId);
        Assert.Equal(JsonValueKind.Null, changed.Changes["queue"].ValueKind);
        Give(Flow("billing") with { State = StateOf(("n", "2")) });

        Assert.Equal("n=2 vip=true", Words(Messages.Reroutes[^1].State));
        Target.OnCall = static (_, leg) => leg.Reject(486);
        Decide(Command, Invite());
        Run(100);
        Give(Flow("sales"));
        // The decision before has left its own.
        Assert.Null(Messages.Reroutes[^1].State);
        Assert.Equal(Selected, Messages.Reroutes[^1].Selected);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void What_is_changed_while_a_decision_is_on_its_way_is_changed_in_what_that_leaves()
    {
        TargetRefuses(486);
        CallIn();
        Give(State(("vip", "true")));
        Decide(Invite());
        Run(100);

        Assert.Equal("vip=true", Words(Assert.Single(Messages.Reroutes).State));
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_state_that_would_be_too_large_is_not_taken()
    {
        Bridge();
        Assert.Equal(CommandResult.Invalid, Give(State(("a", $"\"{new string('x', 65_536)}\"")))!.Result);
        Assert.Equal(CommandResult.Invalid, Give(State(("a", """{"b": "\ud800"}""")))!.Result);
        Assert.Equal(CommandResult.Invalid, Give(State())!.Result);
        Assert.Equal(CommandResult.Invalid, Give(Flow(""))!.Result);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    private static string Words(IReadOnlyDictionary<string, JsonElement>? state) =>
        string.Join(' ', state!.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value.GetRawText()}"));
}
