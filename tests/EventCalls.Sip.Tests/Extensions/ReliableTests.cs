using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Extensions;

/// <summary>Provisional responses that are acknowledged, between two agents.</summary>
public sealed class ReliableTests
{
    private readonly SipPair _pair = new(0, ReliableExtension.Taken);

    private VirtualNetwork Network => _pair.Network;

    private IncomingLeg Callee => _pair.B.Incoming[^1];

    [Fact]
    [Trait("RFC", "3262 §3, §4")]
    public void A_reliable_180_gets_a_PRACK_and_the_call_goes_on_as_ever()
    {
        var caller = Call();
        Callee.Ring(180);
        Network.Run(50);
        var ringing = Single("180");
        Assert.Equal("100rel", ringing.Header("Require"));
        var prack = Single("PRACK");
        Assert.Equal($"{ringing.Header("RSeq")} 1 INVITE", prack.Header("RAck"));
        Assert.Equal(("2 PRACK", ringing.Header("To")), (prack.Header("CSeq"), prack.Header("To")));
        Assert.Equal(1, _pair.Count("200", "PRACK"));
        Assert.Equal(["progress 180"], _pair.A.Log);
        Callee.Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        Assert.Equal("1 ACK", Single("ACK").Header("CSeq"));
        caller.Bye();
        Network.Run(50);
        // No number is used twice in the dialog.
        Assert.Equal("3 BYE", Single("BYE").Header("CSeq"));
        Assert.Equal("bye", _pair.B.Log[^1]);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_reliable_response_is_repeated_at_doubling_intervals_until_its_PRACK_comes()
    {
        Network.Lose = s => s.Kind == "PRACK";
        Call();
        Callee.Ring(180);
        Network.Run(20_000);
        var sent = Network.Log.Where(s => s.Kind == "180").ToList();
        Assert.Equal([500, 1_500, 3_500, 7_500, 15_500], sent.Skip(1).Select(s => s.At - sent[0].At));
        Assert.All(sent, s => Assert.Equal(sent[0].Text, s.Text));
        // One PRACK is repeated as any request is, and the response is passed up once.
        Assert.Single(Network.Log.Where(s => s.Kind == "PRACK").Select(s => s.Header("CSeq")).Distinct());
        Assert.Equal(["progress 180"], _pair.A.Log);
        Network.Lose = null;
        Network.Run(10_000);
        int count = _pair.Count("180");
        Network.Run(20_000);
        Assert.Equal(count, _pair.Count("180"));
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void Without_a_PRACK_the_INVITE_is_refused_504_after_64_T1()
    {
        Network.Lose = s => s.Kind == "PRACK";
        Call();
        Callee.Ring(180);
        Network.Run(31_900);
        Assert.Equal(0, _pair.Count("504"));
        Network.Run(200);
        Assert.Equal(1, _pair.Count("504"));
        Assert.Equal(("no ack", "failed 504"), (_pair.B.Log[^1], _pair.A.Log[^1]));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void The_next_response_waits_for_the_PRACK_of_the_one_before_and_has_the_next_number()
    {
        Call();
        Callee.Ring(180);
        Callee.Ring(183);
        Callee.Ring(183);
        Assert.Equal(0, _pair.Count("183"));
        Network.Run(100);
        Assert.Equal((1, 3), (_pair.Count("180"), _pair.Count("PRACK")));
        var numbers = Network.Log.Where(s => s.Kind is "180" or "183").Select(s => uint.Parse(s.Header("RSeq")!)).ToList();
        Assert.Equal([numbers[0], numbers[0] + 1, numbers[0] + 2], numbers);
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_200_waits_for_the_PRACK_of_a_response_that_described_the_session()
    {
        bool loses = true;
        Network.Lose = s => loses && s.Kind == "PRACK";
        var caller = Call();
        Callee.Ring(183, SipPair.Offer);
        Callee.Answer(SipPair.Offer);
        Network.Run(400);
        Assert.Equal(0, _pair.Count("200", "INVITE"));
        loses = false;
        Network.Run(600);
        Assert.Equal(LegState.Confirmed, caller.State);
        caller.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_200_does_not_wait_for_one_that_described_nothing_and_its_PRACK_is_answered_all_the_same()
    {
        Network.Lose = s => s.Kind == "PRACK" && s.At < 300;
        var caller = Call();
        Callee.Ring(180);
        Callee.Answer(SipPair.Offer);
        Network.Run(200);
        Assert.Equal(LegState.Confirmed, caller.State);
        Network.Run(2_000);
        Assert.Equal(1, _pair.Count("200", "PRACK"));
        Assert.Equal(1, _pair.Count("180"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.1, 3262 §5")]
    public void An_UPDATE_with_an_offer_is_taken_before_the_answer_once_the_INVITEs_offer_was_answered_reliably(bool isCallers)
    {
        var caller = Call();
        Callee.Ring(183, SipPair.Offer);
        Network.Run(50);
        Leg from = isCallers ? caller : Callee;
        Assert.True(from.TakesEarlyChange);
        from.Request(SipMethod.Update, SipPair.Offer, null, isCallers ? _pair.A : _pair.B);
        Network.Run(50);
        Assert.Contains("request Update", (isCallers ? _pair.B : _pair.A).Log);
        Assert.Contains("Update 200", (isCallers ? _pair.A : _pair.B).Log);
        Callee.Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        var numbers = Network.Log.Where(s => s.From.Equals(_pair.Alice.EndPoint) && s.Kind is "INVITE" or "PRACK" && s.From.Equals(_pair.Alice.EndPoint)).Select(s => s.Header("CSeq")).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        caller.Bye();
        Network.Run(50);
        Assert.Equal("bye", _pair.B.Log[^1]);
        _pair.AssertNothingLeft();
    }

    [Theory]
    [InlineData(true, "Update 500")]
    [InlineData(false, "Update 491")]
    [Trait("RFC", "3311 §5.2")]
    public void An_UPDATE_with_an_offer_is_refused_as_long_as_the_INVITEs_offer_is_not_answered(bool isCallers, string refusal)
    {
        var caller = Call();
        Callee.Ring(180);
        Network.Run(50);
        Leg from = isCallers ? caller : Callee;
        Assert.False(from.TakesEarlyChange);
        from.Request(SipMethod.Update, SipPair.Offer, null, isCallers ? _pair.A : _pair.B);
        Network.Run(50);
        Assert.Contains(refusal, (isCallers ? _pair.A : _pair.B).Log);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void UPDATEs_with_offers_that_meet_before_the_answer_are_both_refused_491_and_each_may_come_again()
    {
        var caller = Call();
        Callee.Ring(183, SipPair.Offer);
        Network.Run(50);
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        Callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
        Network.Run(50);
        Assert.Equal("Update 491", _pair.A.Log[^1]);
        Assert.Equal("Update 491", _pair.B.Log[^1]);
        Callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
        Network.Run(50);
        caller.Request(SipMethod.Update, SipPair.Offer, null, _pair.A);
        Network.Run(50);
        Assert.Contains("Update 200", _pair.A.Log);
        Assert.Contains("Update 200", _pair.B.Log);
        Callee.Answer(SipPair.Offer);
        Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        caller.Bye();
        Network.Run(50);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_caller_that_cancels_is_not_rung_any_more()
    {
        Network.Lose = s => s.Kind == "PRACK";
        var caller = Call();
        Callee.Ring(183, SipPair.Offer);
        Callee.Answer(SipPair.Offer);
        Network.Run(50);
        caller.Cancel();
        Network.Run(50);
        Assert.Equal(("cancelled", "failed 487"), (_pair.B.Log[^1], _pair.A.Log[^1]));
        Network.Lose = null;
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_PRACK_for_nothing_that_was_sent_is_answered_481()
    {
        Call();
        Callee.Ring(180);
        Network.Run(50);
        var prack = Single("PRACK");
        _pair.Alice.Send(_pair.Bob, prack.Text.Replace("2 PRACK", "3 PRACK", StringComparison.Ordinal).Replace("branch=z9hG4bK", "branch=z9hG4bKx", StringComparison.Ordinal));
        Network.Run(50);
        Assert.Equal(1, _pair.Count("481", "PRACK"));
        Assert.Equal(LegState.Early, Callee.State);
    }

    [Fact]
    [Trait("RFC", "3262 §4")]
    public void A_target_that_lies_about_the_order_is_acknowledged_in_order_and_each_fork_by_itself()
    {
        var target = Network.AddHost("10.0.0.7:5060");
        _pair.Call(to: target, extensions: new ProvisionalAcks(false));
        Network.Run(50);
        var invite = target.Received[0];
        Assert.Equal("100rel", invite.Header("Supported"));
        string Ringing(int status, string tag, int number) =>
            $"SIP/2.0 {status} Ringing\r\nVia: {invite.Header("Via")}\r\nFrom: {invite.Header("From")}\r\nTo: {invite.Header("To")};tag={tag}\r\nCall-ID: {invite.Header("Call-ID")}\r\nCSeq: 1 INVITE\r\nContact: <sip:{tag}@10.0.0.7:5060>\r\nRequire: 100rel\r\nRSeq: {number}\r\n\r\n";
        foreach (var (status, tag, number) in new[] { (180, "a", 7), (183, "a", 9), (180, "a", 7), (180, "b", 100), (182, "a", 8), (183, "a", 9) })
        {
            target.Send(_pair.Alice, Ringing(status, tag, number));
            Network.Run(20);
        }
        Assert.Equal(["7 1 INVITE", "100 1 INVITE", "8 1 INVITE", "9 1 INVITE"], target.Received.Where(s => s.Kind == "PRACK").Select(s => s.Header("RAck")));
        Assert.Equal(["sip:a@10.0.0.7:5060", "sip:b@10.0.0.7:5060"], target.Received.Where(s => s.Kind == "PRACK").Select(s => s.StartLine.Split(' ')[1]).Distinct());
        Assert.Equal(["2 PRACK", "3 PRACK", "4 PRACK", "5 PRACK"], target.Received.Where(s => s.Kind == "PRACK").Select(s => s.Header("CSeq")));
        Assert.Equal(["progress 180", "progress 180", "progress 182", "progress 183"], _pair.A.Log);
    }

    [Theory]
    [InlineData("Require: 100rel", ReliableUse.Off, "420")]
    [InlineData("Require: 100rel", ReliableUse.WhenRequired, "180 reliable")]
    [InlineData("Supported: 100rel", ReliableUse.WhenRequired, "180")]
    [InlineData("Supported: 100rel", ReliableUse.Supported, "180 reliable")]
    [InlineData("Supported: 100rel", ReliableUse.Off, "180")]
    [InlineData("Supported: timer", ReliableUse.Supported, "180")]
    [InlineData("Supported: timer, 100rel", ReliableUse.Required, "180 reliable")]
    [InlineData("Supported: timer", ReliableUse.Required, "421")]
    [Trait("RFC", "3262 §3")]
    public void What_the_caller_says_and_the_setting_decide_how_it_is_rung(string header, ReliableUse use, string rung)
    {
        _pair.B.Invited = (leg, invite) =>
        {
            if (ReliableRinging.TryUse(leg, invite, use))
                leg.Ring(180);
        };
        Script(header, SipPair.Offer);
        var sent = Network.Log[^1];
        Assert.Equal(rung, sent.Header("RSeq") is null ? sent.Kind : $"{sent.Kind} reliable");
    }

    [Fact]
    [Trait("RFC", "3262 §5")]
    public void An_INVITE_without_an_offer_that_requires_it_is_not_rung_as_that_would_take_an_offer_of_ours()
    {
        _pair.B.Invited = (leg, invite) =>
        {
            Assert.True(ReliableRinging.TryUse(leg, invite, ReliableUse.WhenRequired));
            leg.Ring(180);
            leg.Answer(SipPair.Offer);
        };
        Script("Require: 100rel", null);
        Assert.Equal((0, 1), (_pair.Count("180"), _pair.Count("200")));
    }

    private OutgoingLeg Call()
    {
        _pair.B.Invited = (leg, invite) => ReliableRinging.TryUse(leg, invite, ReliableUse.Supported);
        var caller = _pair.Call(extensions: new ProvisionalAcks(false));
        Network.Run(10);
        return caller;
    }

    private void Script(string header, Content? offer)
    {
        string body = offer is null ? "" : System.Text.Encoding.ASCII.GetString(offer.Body.Span);
        var script = Network.AddHost("10.0.0.9:5060");
        script.Send(_pair.Bob, $"INVITE sip:x@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@10.0.0.9:5060>\r\nMax-Forwards: 70\r\n{header}\r\n{(offer is null ? "X: y" : "Content-Type: application/sdp")}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Network.Run(50);
    }

    private Sent Single(string kind) => Network.Log.Single(s => s.Kind == kind);
}
