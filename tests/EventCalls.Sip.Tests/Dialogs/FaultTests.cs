using EventCalls.Sip.Messages;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>What throws ends the leg it belongs to, and nothing of it stays behind.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_throw_in_a_legs_timer_ends_the_leg_by_BYE()
    {
        var pair = new SipPair(pingAfterMs: 1_000);
        pair.Established();
        ThrowOnce(pair, s => s.Kind == "OPTIONS");
        pair.Network.Run(1_500);
        Assert.Equal("fault thrown by the test", pair.A.Log[^1]);
        Assert.Equal("bye", pair.B.Log[^1]);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_throw_in_a_transactions_timer_ends_the_leg_it_belongs_to()
    {
        var pair = new SipPair();
        var (caller, _) = pair.Established();
        pair.Network.Lose = s => s.Kind == "INFO";
        caller.Request(SipMethod.Info, null, null, pair.A);
        ThrowOnce(pair, s => s.Kind == "INFO");
        pair.Network.Run(1_500);
        Assert.Equal("fault thrown by the test", pair.A.Log[^1]);
        Assert.Equal("bye", pair.B.Log[^1]);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_throw_while_an_answer_is_repeated_ends_the_leg_by_BYE()
    {
        var pair = new SipPair();
        pair.Call();
        pair.Network.Run(50);
        pair.Network.Lose = s => s.Kind == "ACK";
        pair.B.Incoming[0].Answer(SipPair.Offer);
        pair.Network.Run(50);
        ThrowOnce(pair, s => s.Kind == "200");
        pair.Network.Run(1_000);
        Assert.Equal("fault thrown by the test", pair.B.Log[^1]);
        Assert.Equal("bye", pair.A.Log[^1]);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_throw_while_a_request_is_handled_answers_it_and_ends_the_leg()
    {
        var pair = new SipPair();
        var (caller, _) = pair.Established();
        pair.B.Requested = (_, _) => throw new InvalidOperationException("thrown by the test");
        caller.Request(SipMethod.Info, null, null, pair.A);
        pair.Network.Run(50);
        Assert.Contains("Info 500", pair.A.Log);
        Assert.Equal("bye", pair.A.Log[^1]);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_throw_while_an_answer_is_handled_cancels_nothing_it_should_not_and_leaves_nothing()
    {
        var pair = new SipPair();
        pair.A.Answered = (_, _) => throw new InvalidOperationException("thrown by the test");
        pair.Call();
        pair.Network.Run(50);
        pair.B.Incoming[0].Answer(SipPair.Offer);
        pair.Network.Run(100);
        Assert.Equal("fault thrown by the test", pair.A.Log[^1]);
        Assert.Equal("bye", pair.B.Log[^1]);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_response_that_cannot_be_written_is_answered_500_all_the_same()
    {
        var pair = new SipPair();
        var (caller, _) = pair.Established();
        pair.B.Requested = (_, request) => request.Respond(200, null, null, [new HeaderLine("X", "a\r\nb")]);
        caller.Request(SipMethod.Info, null, null, pair.A);
        caller.ReInvite(SipPair.Offer, null, pair.A);
        pair.Network.Run(50);
        Assert.Contains("Info 500", pair.A.Log);
        Assert.StartsWith("fault", pair.B.Log[^1], StringComparison.Ordinal);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_re_INVITE_that_is_never_answered_does_not_outlive_its_leg()
    {
        var pair = new SipPair();
        var (caller, callee) = pair.Established();
        pair.B.Requested = (_, _) => { };
        caller.ReInvite(SipPair.Offer, null, pair.A);
        pair.Network.Run(50);
        pair.Network.Lose = s => s.Kind == "487";
        callee.Bye();
        pair.AssertNothingLeft();
    }

    private static void ThrowOnce(SipPair pair, Func<Sent, bool> at)
    {
        bool thrown = false;
        pair.Network.Lose = s =>
        {
            if (thrown || !at(s))
                return false;
            thrown = true;
            throw new InvalidOperationException("thrown by the test");
        };
    }
}
