using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class ReferTransferTests : ReferTest
{
    [Fact]
    [Trait("RFC", "3515 §2.4.5")]
    public void The_caller_is_answered_on_hold_referred_and_hung_up_on_when_the_other_side_answered()
    {
        ReferAccepted();
        Caller.Notify("SIP/2.0 100 Trying");
        Run(20);
        Caller.Notify("SIP/2.0 180 Ringing");
        Run(20);
        Caller.Notify("SIP/2.0 200 OK", "terminated;reason=noresource");
        Run(20);
        Assert.Equal(
            [
                "call_started",
                "transfer_started 1 refer sip:support@example.com",
                "call_answered caller",
                "transfer_progressed response 202",
                "transfer_progressed notify 100",
                "transfer_progressed notify 180",
                "transfer_completed answered",
            ],
            Story());
        Run(1_900);
        Assert.DoesNotContain("bye", Caller.Log);
        Run(200);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Equal("call_ended system transferred", Story()[^1]);
        var completed = Single<TransferCompleted>();
        Assert.Equal("notify", completed.Evidence.Source);
        Assert.Equal("OK", completed.Evidence.ReasonPhrase);
        Assert.Equal("terminated;reason=noresource", completed.Evidence.SubscriptionState);
        Assert.NotNull(completed.PostDialDelayMs);
        Assert.Contains("a=inactive", Caller.Heard);
        AssertOver();
    }

    [Fact]
    public void The_refer_carries_target_referred_by_and_custom_headers()
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide(Refer("+1 222-3333") with { PhoneNumber = "+15551234567", SipHeaders = [new SipHeader("X-Caller-ID", "7")] });
        Run(50);
        string refer = Assert.Single(Refers);
        Assert.Contains("Refer-To: <sip:+12223333@10.0.0.2:5060>\r\n", refer);
        Assert.Contains("Referred-By: <sip:+15551234567@10.0.0.2:5060>\r\n", refer);
        Assert.Contains("X-Caller-ID: 7\r\n", refer);
    }

    [Fact]
    public void A_number_is_completed_with_the_named_endpoints_host_and_referred_by_is_the_dialled_number()
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide(Refer("2222") with { OutboundEndpoint = "pstn" });
        Run(50);
        string refer = Assert.Single(Refers);
        Assert.Contains("Refer-To: <sip:2222@10.0.0.3:5060>\r\n", refer);
        Assert.Contains("Referred-By: <sip:+15557654321@10.0.0.1>\r\n", refer);
    }

    [Theory]
    [InlineData(405, "not_allowed")]
    [InlineData(403, "not_allowed")]
    [InlineData(501, "not_allowed")]
    [InlineData(603, "declined")]
    [InlineData(503, "unreachable")]
    [InlineData(500, "error")]
    [InlineData(407, "unauthorized")]
    public void A_refusal_of_the_refer_itself_runs_the_fallback(int status, string outcome)
    {
        TargetAnswers();
        CallerAnswersRefer(status);
        CallIn();
        Decide(Refer(), Invite());
        Run(200);
        Assert.Equal(
            [
                "call_started",
                "transfer_started 1 refer sip:support@example.com",
                "call_answered caller",
                $"transfer_failed {outcome}",
                "transfer_started 2 invite sip:+12222222@10.0.0.3:5060",
                "call_answered target",
                "transfer_completed answered",
            ],
            Story());
        // The caller, answered before, is offered the target's session, and the target got the caller's.
        Assert.Contains("o=caller", Target.Heard);
        Assert.Contains("c=IN IP4 10.0.0.3", Caller.Heard);
        Assert.Contains("INVITE WITH BODY", Caller.Log);
        Caller.Leg!.Bye();
        Run(100);
        Assert.Equal("bye", Target.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_hangs_up_before_the_refer_is_answered_has_hung_up()
    {
        Caller.OnAsked = (phone, request) =>
        {
            if (request.Method == SipMethod.Refer)
                phone.Leg!.Bye();
        };
        CallIn();
        Decide(Refer(), Invite());
        Run(45_000);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller hung_up"], Story()[^2..]);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_cancels_before_it_was_answered_ends_the_attempt()
    {
        Journal.ConfirmsAtOnce = false;
        var leg = CallIn(withOffer: false);
        leg.Cancel();
        Run(50);
        Assert.Equal(["call_started", "call_ended caller cancelled 487"], Story());
        Journal.Confirm();
        Run(10);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_challenged_refer_is_sent_again_with_the_trunks_credentials()
    {
        Options = Options with { Trunks = [Options.Trunks[0] with { UserName = "me", Password = "secret" }, .. Options.Trunks.Skip(1)] };
        int asked = 0;
        Caller.OnAsked = (_, request) =>
        {
            if (asked++ == 0)
                request.Respond(401, null, null, [new HeaderLine("WWW-Authenticate", "Digest realm=\"x\", nonce=\"n\", algorithm=MD5")]);
            else
                request.Respond(202);
        };
        CallIn();
        Decide(Refer());
        Run(50);
        Assert.Equal(2, Refers.Count);
        Assert.Contains("Authorization: Digest username=\"me\"", Refers[1]);
        Assert.Equal("transfer_progressed response 202", Story()[^1]);
    }

    [Theory]
    [InlineData(491, null)]
    [InlineData(500, "2")]
    [InlineData(503, "1;duration=60")]
    public void A_refer_that_meets_another_transaction_or_is_asked_to_wait_is_tried_again(int status, string? retryAfter)
    {
        int asked = 0;
        Caller.OnAsked = (_, request) =>
        {
            if (asked++ == 0)
                request.Respond(status, null, null, retryAfter is null ? null : [new HeaderLine("Retry-After", retryAfter)]);
            else
                request.Respond(202);
        };
        CallIn();
        Decide(Refer());
        Run(2_500);
        Assert.Equal(2, Refers.Count);
        Assert.Equal([$"transfer_progressed response {status}", "transfer_progressed response 202"], Story()[^2..]);
    }

    [Fact]
    public void A_refer_that_is_asked_to_wait_too_often_or_too_long_fails()
    {
        CallerAnswersRefer(500, new HeaderLine("Retry-After", "1"));
        CallIn();
        Decide(Refer());
        Run(2_500);
        Assert.Equal(3, Refers.Count);
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Assert.Equal("1", Single<TransferFailed>().Evidence.RetryAfter);
    }

    [Fact]
    public void A_long_retry_after_is_not_waited_for()
    {
        CallerAnswersRefer(503, new HeaderLine("Retry-After", "120"));
        CallIn();
        Decide(Refer());
        Run(50);
        Assert.Equal("transfer_failed unreachable final", Story()[^1]);
    }

    [Fact]
    public void A_refer_without_any_answer_times_out()
    {
        Caller.OnAsked = (_, _) => { };
        CallIn();
        Decide(Refer());
        Network.Lose = sent => sent.Kind == "REFER";
        Run(33_000);
        Assert.Equal("transfer_failed timed_out final", Story()[^1]);
    }

    [Theory]
    [InlineData("sip:a@b.example\r\nX: 1")]
    [InlineData("sip:a@b.example>")]
    [InlineData("support")]
    [InlineData("")]
    public void A_target_that_is_not_valid_is_refused_and_nothing_is_sent(string target)
    {
        CallIn();
        Decide(Refer(target));
        Run(50);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.Empty(Refers);
        Assert.False(Assert.Single(Messages.Reroutes).CallerAnswered);
    }
}
