using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>The end of a call that somebody outside asks for.</summary>
public sealed class HangupCommandTests : CommandTest
{
    [Fact]
    public void Two_who_talk_both_hear_BYE_and_the_stream_says_that_the_API_ended_it()
    {
        Bridge();
        var answer = Give(Hangup());
        Run(100);

        Assert.Equal(CommandResult.Taken, answer!.Result);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        var ended = Single<CallEnded>();
        Assert.Equal((CallParty.Api, CallEndCause.HungUp, null, Command.EventId), (ended.EndedBy, ended.Cause, ended.Status, ended.CausationId));
        AssertOver();
    }

    [Fact]
    public void A_caller_who_waits_for_a_decision_is_refused_with_480()
    {
        CallIn();
        Give(Hangup());
        Run(100);

        Assert.Equal("480", Caller.Log[^1]);
        var ended = Single<CallEnded>();
        Assert.Equal((CallParty.Api, CallEndCause.Rejected, 480), (ended.EndedBy, ended.Cause, ended.Status));
        AssertOver();
    }

    [Fact]
    public void A_target_that_rings_hears_CANCEL_and_its_attempt_is_closed_before_the_call()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        Give(Hangup());
        Run(100);

        Assert.Equal("480", Caller.Log[^1]);
        Assert.Equal("cancel", Target.Log[^1]);
        Assert.Equal(["command_taken", "transfer_failed cancelled final", "call_ended api rejected 480"], Story()[^3..]);
        Assert.Equal("call ended: a command ended the call", Last<TransferFailed>().Evidence.ReasonPhrase);
        AssertOver();
    }

    [Fact]
    public void Nothing_is_hung_up_before_the_command_is_recorded_and_no_other_is_taken_meanwhile()
    {
        Bridge();
        Journal.ConfirmsAtOnce = false;
        Assert.Null(Give(Hangup(), out var later));
        Run(50);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Assert.Equal(CommandResult.CallOver, Give(Handoff(Invite(endpoint: "second")))!.Result);
        Journal.ConfirmsAtOnce = true;
        Journal.Confirm();
        Run(100);

        Assert.Equal(CommandResult.Taken, later()!.Result);
        Assert.Equal("bye", Target.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void The_caller_hangs_up_before_it_is_recorded_and_the_call_ends_once()
    {
        Bridge();
        Journal.ConfirmsAtOnce = false;
        var command = Hangup();
        Give(command, out var later);
        Caller.Leg!.Bye();
        Run(50);
        Journal.ConfirmsAtOnce = true;
        Journal.Confirm();
        Run(50);

        Assert.Equal(CallParty.Caller, Single<CallEnded>().EndedBy);
        Assert.Equal(CommandResult.Taken, later()!.Result);
        Assert.Equal(CommandResult.Taken, Give(command)!.Result);
        AssertOver();
    }

    [Fact]
    public void While_a_REFER_waits_for_its_decision_all_three_are_told()
    {
        DecidesRefers = true;
        Bridge();
        Target.Refer("sip:person@10.0.0.4:5060");
        Run(50);
        Give(Hangup());
        Run(100);

        Assert.Contains("notified 487, the last", Target.Log);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Contains("bye", Target.Log);
        AssertOver();
    }

    [Fact]
    public void A_call_takes_fifty_commands_and_then_only_that_it_ends()
    {
        Bridge();
        for (int i = 0; i < 50; i++)
            Assert.Equal(CommandResult.Taken, Give(State(("n", $"{i}")))!.Result);

        Assert.Equal(CommandResult.Invalid, Give(State(("n", "50")))!.Result);
        Assert.Equal(CommandResult.Taken, Give(Hangup())!.Result);
        Run(100);
        AssertOver();
    }
}
