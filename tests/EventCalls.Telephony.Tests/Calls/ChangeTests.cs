using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Changes of a session through the bridge: taken back, asked of a side without UPDATE, and asked too early.</summary>
public sealed class ChangeTests : EdgeTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §9.1")]
    public void A_re_INVITE_that_is_taken_back_is_taken_back_on_the_other_side(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asked.OnAsked = (_, _) => { };
        var reInvite = asking.Leg!.ReInvite(asking.Session("sendonly"), null, asking);
        Run(50);
        reInvite.Cancel();
        Run(100);
        Assert.Equal("INVITE 487", asking.Log[^1]);
        Assert.Contains(Network.Log, s => s.Kind == "CANCEL" && s.To.Equals(asked.Host.EndPoint));
        asked.OnAsked = null;
        asking.Leg.ReInvite(asking.Session(), null, asking);
        Run(100);
        Assert.Equal("INVITE 200", asking.Log[^1]);
        Caller.Leg!.Bye();
        Run(50);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void A_side_that_never_ends_a_cancelled_re_INVITE_is_not_waited_for_for_ever()
    {
        Bridge();
        Target.OnAsked = (_, _) => { };
        var reInvite = Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        Run(50);
        Network.Lose = s => s.Kind == "487" && s.From.Equals(Target.Host.EndPoint);
        reInvite.Cancel();
        Run(33_000);
        Assert.Contains(Network.Log, s => s.Kind == "487" && s.To.Equals(Caller.Host.EndPoint));
        Assert.Equal(1, Shard.Calls.Count);
        Network.Lose = null;
        Caller.Leg.Bye();
        Run(50);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3311 §5.1")]
    public void A_bare_UPDATE_is_answered_here_when_the_other_side_has_no_UPDATE()
    {
        Bridge();
        WithoutUpdate();
        int before = Target.Log.Count;
        Caller.Leg!.Request(SipMethod.Update, null, null, Caller);
        Run(50);
        Assert.Equal("UPDATE 200", Caller.Log[^1]);
        Assert.Equal(before, Target.Log.Count);
    }

    [Fact]
    [Trait("RFC", "3311 §5.1")]
    public void An_UPDATE_with_an_offer_becomes_a_re_INVITE_for_a_side_without_UPDATE()
    {
        Bridge();
        WithoutUpdate();
        Caller.Leg!.Request(SipMethod.Update, Caller.Session("sendonly"), null, Caller);
        Run(100);
        Assert.Equal(["INVITE WITH BODY", "ack of re-invite"], Target.Log[^2..]);
        Assert.Equal("UPDATE 200", Caller.Log[^1]);
        Assert.Contains("o=target", Caller.Heard);
        Assert.Contains("a=sendonly", Target.Heard);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void An_UPDATE_with_an_offer_while_the_callers_own_is_not_answered_is_asked_to_come_again()
    {
        Options = Options with { PendingRing = PendingRing.Ringing };
        CallIn();
        var refusal = AskEarly("UPDATE", "application/sdp", "v=0");
        Assert.Equal("500", refusal.Kind);
        Assert.InRange(int.Parse(refusal.Header("Retry-After")!), 0, 10);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void An_UPDATE_with_an_offer_across_our_own_is_refused_491()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        Target.Leg!.Request(SipMethod.Update, Target.Session(), null, Target);
        Run(50);
        Assert.Equal("UPDATE 491", Target.Log[^1]);
    }

    [Fact]
    [Trait("RFC", "3420")]
    public void A_report_in_one_of_several_parts_is_read()
    {
        CallIn();
        Caller.OnAsked = (_, request) => request.Respond(202);
        Decide(Refer());
        Run(100);
        Caller.Leg!.Request(
            SipMethod.Notify,
            new Content("multipart/mixed; boundary=\"x y\"", "preamble\r\n--x y\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x y\r\nContent-Type: message/sipfrag;version=2.0\r\n\r\nSIP/2.0 486 Busy Here\r\n--x y--\r\n"u8.ToArray()),
            [new HeaderLine("Event", "refer"), new HeaderLine("Subscription-State", "terminated;reason=noresource")],
            Caller);
        Run(50);
        var failed = Single<TransferFailed>();
        Assert.Equal(TransferOutcome.Busy, failed.Outcome);
        Assert.Equal((486, "Busy Here"), (failed.Evidence.Status, failed.Evidence.ReasonPhrase));
    }

    /// <summary>The target says in a re-INVITE of its own that it does not take UPDATE.</summary>
    private void WithoutUpdate()
    {
        Target.Leg!.ReInvite(Target.Session(), null, Target);
        Run(100);
        var reInvite = Network.Log.Last(s => s.Kind == "INVITE" && s.From.Equals(Target.Host.EndPoint));
        Target.Host.Send(NodeHost, reInvite.Text
            .Replace("UPDATE, ", "", StringComparison.Ordinal)
            .Replace("branch=z9hG4bK", "branch=z9hG4bKagain", StringComparison.Ordinal)
            .Replace($"CSeq: {reInvite.Header("CSeq")}", "CSeq: 50 INVITE", StringComparison.Ordinal));
        Run(50);
        Target.Host.Send(NodeHost, Network.Log.Last(s => s.Kind == "ACK" && s.From.Equals(Target.Host.EndPoint)).Text
            .Replace("branch=z9hG4bK", "branch=z9hG4bKagain", StringComparison.Ordinal)
            .Replace($"CSeq: {reInvite.Header("CSeq")!.Split(' ')[0]} ACK", "CSeq: 50 ACK", StringComparison.Ordinal));
        Run(50);
    }
}
