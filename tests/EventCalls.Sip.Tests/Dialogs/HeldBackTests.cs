using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>Messages that wait because the owner of their leg does.</summary>
public sealed class HeldBackTests
{
    private readonly SipPair _pair = new();

    [Fact]
    [Trait("RFC", "3261 §14, §15")]
    public void What_comes_for_a_leg_that_is_held_is_taken_in_its_order_when_it_is_released_and_no_sooner()
    {
        var (caller, callee) = _pair.Established();
        var group = Guid.NewGuid();
        callee.Group = group;
        callee.Agent.Hold(group);
        callee.Agent.Hold(group);
        caller.Request(SipMethod.Info, null, null, _pair.A);
        caller.Bye();
        int before = _pair.B.Log.Count;
        _pair.Network.Run(400);
        callee.Agent.Release(group);
        Assert.Equal(before, _pair.B.Log.Count);
        callee.Agent.Release(group);
        Assert.Equal(["request Info", "bye"], _pair.B.Log.Skip(before));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.1.2")]
    public void Answers_wait_too_and_what_is_held_again_by_the_first_waits_on()
    {
        var (caller, _) = _pair.Established();
        var group = Guid.NewGuid();
        caller.Group = group;
        _pair.B.Requested = (_, request) => request.Respond(200, content: SipPair.Offer);
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        caller.Request(SipMethod.Info, null, null, _pair.A);
        caller.Agent.Hold(group);
        int before = _pair.A.Log.Count;
        _pair.Network.Run(100);
        Assert.Equal(before, _pair.A.Log.Count);
        _pair.A.Changed = (_, _) =>
        {
            _pair.A.Changed = null;
            caller.Agent.Hold(group);
        };
        caller.Agent.Release(group);
        Assert.Equal(before + 1, _pair.A.Log.Count);
        caller.Agent.Release(group);
        Assert.Equal(before + 2, _pair.A.Log.Count);
        caller.Bye();
        _pair.AssertNothingLeft();
    }
}
