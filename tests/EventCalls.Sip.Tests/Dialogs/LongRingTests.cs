using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>What time does to an INVITE that is not answered.</summary>
public sealed class LongRingTests
{
    private readonly SipPair _pair = new();

    [Fact]
    [Trait("RFC", "3261 §13.3.1.1")]
    public void A_call_that_rings_long_is_rung_again_every_minute()
    {
        _pair.Call();
        _pair.Network.Run(20_000);
        _pair.B.Incoming[^1].Ring(180);
        _pair.Network.Run(181_000);
        var sent = _pair.Network.Log.Where(s => s.Kind == "180").ToList();
        Assert.Equal([60_000, 120_000, 180_000], sent.Skip(1).Select(s => s.At - sent[0].At));
        _pair.B.Incoming[^1].Reject(486);
        _pair.Network.Run(120_000);
        Assert.Equal(4, _pair.Count("180"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.1")]
    public void A_call_of_which_nothing_was_heard_for_a_minute_is_said_to_go_on()
    {
        _pair.Call();
        _pair.Network.Run(121_000);
        Assert.Equal(2, _pair.Count("183"));
        _pair.B.Incoming[^1].Answer(SipPair.Offer);
        _pair.Network.Run(600_000);
        Assert.Equal(2, _pair.Count("183"));
    }

    [Theory]
    [InlineData("30", true)]
    [InlineData("4294967295", false)]
    [InlineData("soon", false)]
    [Trait("RFC", "3261 §13.3.1")]
    public void An_INVITE_whose_time_is_over_is_refused_487(string expires, bool ends)
    {
        var leg = _pair.Alice.Agent!.Invite(
            new OutgoingInvite
            {
                Hop = _pair.Alice.HopTo(_pair.Bob),
                RequestUri = "sip:bob@10.0.0.2",
                From = "<sip:alice@10.0.0.1>",
                To = "<sip:bob@10.0.0.2>",
                Headers = [new HeaderLine("Expires", expires)],
            },
            _pair.A);
        _pair.Network.Run(29_000);
        _pair.B.Incoming[^1].Ring(180);
        _pair.Network.Run(500);
        Assert.Equal(LegState.Early, leg.State);
        _pair.Network.Run(1_000);
        Assert.Equal(ends ? 1 : 0, _pair.Count("487"));
        if (!ends)
            return;
        Assert.Equal(("no ack", "failed 487"), (_pair.B.Log[^1], _pair.A.Log[^1]));
        _pair.AssertNothingLeft();
    }
}
