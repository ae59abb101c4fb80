using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class ReferHoldTests : ReferTest
{
    [Fact]
    public void A_phone_that_goes_on_hold_before_it_reports_is_answered()
    {
        ReferAccepted();
        ((OutgoingLeg)Caller.Leg!).ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(50);
        Assert.Contains("INVITE 200", Caller.Log);
        Assert.Contains("a=inactive", Caller.Heard);
        Assert.Contains("m=audio 9 RTP/AVP 0", Caller.Heard);
        Caller.Notify("SIP/2.0 200 OK", "terminated");
        Run(50);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public void A_fallback_after_hold_opens_the_callers_session_again_and_keeps_its_origin()
    {
        ReferAccepted(Invite());
        ((OutgoingLeg)Caller.Leg!).ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(50);
        string ours = Origin(Caller.Heard!);
        TargetAnswers();
        Caller.Notify("SIP/2.0 486 Busy Here", "terminated");
        Run(100);
        Assert.DoesNotContain("a=sendonly", Target.Heard);
        Assert.Contains("c=IN IP4 10.0.0.2", Target.Heard);
        string now = Origin(Caller.Heard!);
        Assert.Equal(ours.Split(' ')[1], now.Split(' ')[1]);
        Assert.True(int.Parse(ours.Split(' ')[2]) < int.Parse(now.Split(' ')[2]));
        Assert.Contains("c=IN IP4 10.0.0.3", Caller.Heard);
    }

    [Fact]
    public void A_caller_without_offer_is_offered_a_session_on_hold()
    {
        CallerAnswersRefer(202);
        Caller.OnAnswered = (phone, leg) =>
        {
            leg.DeferAck();
            leg.Ack(phone.Session());
        };
        CallIn(withOffer: false);
        Decide(Refer());
        Run(50);
        Assert.Equal("transfer_progressed response 202", Story()[^1]);
        Assert.Contains("a=inactive", Caller.Heard);
    }

    [Fact]
    public void An_offer_that_cannot_be_answered_fails_the_refer_and_the_fallback_still_runs()
    {
        Target.OnCall = static (_, leg) => leg.Answer(new Content("application/sdp", "v=0\r\no=x 1 1 IN IP4 10.0.0.3\r\ns=-\r\nc=IN IP4 10.0.0.3\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n"u8.ToArray()));
        _ = Shard;
        Caller.Call(NodeHost, new Content("application/sdp", "v=0\r\no=x 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n"u8.ToArray()));
        Run(20);
        Decide(Refer(), Invite());
        Run(100);
        Assert.Contains("transfer_failed error", Story());
        Assert.Equal(LocalEvidence.OfferNotAnswerable, Single<TransferFailed>().Evidence.Here());
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    private static string Origin(string description) => description.Split("\r\n").First(l => l.StartsWith("o=", StringComparison.Ordinal));
}
