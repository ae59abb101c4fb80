using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class ReferTransferTests : EdgeTest
{
    private readonly List<string> _refers = [];

    public ReferTransferTests() => Network.Turn += () =>
    {
        foreach (var sent in Network.Log.Skip(_seen))
        {
            if (sent.Kind == "REFER")
                _refers.Add(sent.Text);
        }
        _seen = Network.Log.Count;
    };

    private int _seen;

    private void CallerAnswersRefer(int status, params HeaderLine[] headers) => Caller.OnAsked = (phone, request) =>
    {
        if (request.Method == SipMethod.Refer)
            request.Respond(status, null, null, headers);
        else
            request.Respond(200, null, request.Method == SipMethod.Invite ? phone.Session() : null);
    };

    private void ReferAccepted(params Handoff[] rest)
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide([Refer(), .. rest]);
        Run(50);
        Assert.Equal("transfer_progressed response 202", Story()[^1]);
    }

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
    [Trait("RFC", "3420")]
    public void What_the_fragment_says_of_the_targets_response_beside_its_status_is_in_the_evidence()
    {
        ReferAccepted();
        Caller.Notify("SIP/2.0 486 Busy Here\r\nReason: Q.850;cause=17;text=\"User busy\"\r\nRetry-After: 5", "terminated;reason=noresource");
        Run(20);
        var evidence = Single<TransferFailed>().Evidence;
        Assert.Equal(("notify", 486, "Busy Here"), (evidence.Source, evidence.Status, evidence.ReasonPhrase));
        Assert.Equal("Q.850;cause=17;text=\"User busy\"", evidence.Reason);
        Assert.Equal("5", evidence.RetryAfter);
    }

    [Fact]
    public void The_refer_carries_target_referred_by_and_custom_headers()
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide(Refer("+1 222-3333") with { PhoneNumber = "+15551234567", SipHeaders = [new SipHeader("X-Caller-ID", "7")] });
        Run(50);
        string refer = Assert.Single(_refers);
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
        string refer = Assert.Single(_refers);
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

    [Theory]
    [InlineData("SIP/2.0 486 Busy Here", "busy")]
    [InlineData("SIP/2.0 603 Decline", "declined")]
    [InlineData("SIP/2.0 480 Temporarily Unavailable", "no_answer")]
    [InlineData("SIP/2.0 503 Service Unavailable", "unreachable")]
    public void A_final_report_of_failure_runs_the_fallback(string fragment, string outcome)
    {
        TargetAnswers();
        ReferAccepted(Invite());
        Caller.Notify("SIP/2.0 100 Trying");
        Run(20);
        Caller.Notify(fragment, "terminated;reason=noresource");
        Run(200);
        Assert.Contains($"transfer_failed {outcome}", Story());
        Assert.Equal("transfer_completed answered", Story()[^1]);
        Assert.Equal("notify", Single<TransferFailed>().Evidence.Source);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public void Without_a_subscription_the_transfer_is_accepted_and_no_more()
    {
        CallerAnswersRefer(202, new HeaderLine("Refer-Sub", "false"));
        CallIn();
        Decide(Refer());
        Run(50);
        Assert.Equal("transfer_completed accepted", Story()[^1]);
        Caller.Leg!.Bye();
        Run(50);
        Assert.Equal("call_ended caller transferred", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void No_report_at_all_is_no_notify()
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide(Refer() with { NotifyTimeoutSeconds = 10 });
        Run(10_200);
        Assert.Equal("transfer_failed no_notify final", Story()[^1]);
        Assert.Equal(LocalEvidence.NoFinalNotify, Single<TransferFailed>().Evidence.Here());
        Assert.True(Assert.Single(Messages.Reroutes).CallerAnswered);
        Decide(Reject(503));
        Run(50);
        Assert.Equal(["transfer_started 1 reject", "transfer_completed accepted", "call_ended system rejected"], Story()[^3..]);
        Assert.Equal("bye SIP;cause=503;text=\"Service Unavailable\"", Caller.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void Reports_that_stop_before_a_final_one_are_no_notify_with_the_last_status_kept()
    {
        ReferAccepted();
        Caller.Notify("SIP/2.0 180 Ringing");
        Run(61_000);
        Assert.Equal("transfer_failed no_notify final", Story()[^1]);
        Assert.Equal(180, Single<TransferFailed>().Evidence.Status);
        Assert.Equal("active;expires=60", Single<TransferFailed>().Evidence.SubscriptionState);
    }

    [Fact]
    public void A_subscription_that_ends_without_a_report_is_no_notify_with_its_state_as_evidence()
    {
        ReferAccepted();
        Caller.Notify(null, "terminated;reason=timeout");
        Run(50);
        Assert.Equal("transfer_failed no_notify final", Story()[^1]);
        var evidence = Single<TransferFailed>().Evidence;
        Assert.Equal("notify", evidence.Source);
        Assert.Null(evidence.Status);
        Assert.Equal("terminated;reason=timeout", evidence.SubscriptionState);
    }

    [Fact]
    public void A_bye_before_the_final_report_is_no_notify_and_the_caller_hung_up()
    {
        ReferAccepted();
        Caller.Notify("SIP/2.0 100 Trying");
        Run(20);
        Caller.Leg!.Bye([new HeaderLine("Reason", "Q.850;cause=16")]);
        Run(3_900);
        Assert.DoesNotContain(Journal.Events, e => e is TransferFailed or CallEnded);
        Run(200);
        Assert.Equal(["transfer_failed no_notify final", "call_ended caller hung_up"], Story()[^2..]);
        var evidence = Single<TransferFailed>().Evidence;
        Assert.Equal("request", evidence.Source);
        Assert.Equal(100, evidence.Status);
        Assert.Equal("Q.850;cause=16", evidence.Reason);
        Assert.Empty(Messages.Reroutes);
        AssertOver();
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK", "transfer_completed answered", "call_ended caller transferred")]
    [InlineData("SIP/2.0 486 Busy Here", "transfer_failed busy final", "call_ended caller hung_up")]
    public void A_final_report_that_crosses_the_bye_counts(string fragment, string outcome, string end)
    {
        ReferAccepted(Invite());
        Caller.Leg!.Bye();
        Run(1_000);
        // As a peer does whose reports are slower than its BYE (RFC 5057): the subscription outlives the call.
        Caller.Host.Send(NodeHost, NotifyAfterBye(fragment));
        Run(100);
        Assert.Equal([outcome, end], Story()[^2..]);
        Assert.Equal(0, Shard.Calls.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transferred_call_that_ends_in_any_other_way_is_still_transferred(bool nodeStops)
    {
        Pings = 500;
        Options = Options with { ReferHangUpMs = 60_000 };
        ReferAccepted();
        Caller.Notify("SIP/2.0 200 OK", "terminated");
        Run(50);
        if (nodeStops)
            Shard.EndAll();
        else
            Network.Lose = sent => sent.To.Equals(Caller.Host.EndPoint);
        Run(40_000);
        Assert.Equal("call_ended system transferred", Story()[^1]);
        Network.Lose = null;
        AssertOver();
    }

    [Fact]
    public void A_dialog_that_is_gone_after_the_202_without_a_BYE_is_no_notify()
    {
        Pings = 5_000;
        CallerAnswersRefer(202);
        CallIn();
        Decide(Refer());
        Run(100);
        Network.Lose = sent => sent.To.Equals(Caller.Host.EndPoint);
        Run(59_000);
        Assert.Equal(["transfer_failed no_notify final", "call_ended system peer_silent"], Story()[^2..]);
        Network.Lose = null;
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
        Assert.Equal(2, _refers.Count);
        Assert.Contains("Authorization: Digest username=\"me\"", _refers[1]);
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
        Assert.Equal(2, _refers.Count);
        Assert.Equal([$"transfer_progressed response {status}", "transfer_progressed response 202"], Story()[^2..]);
    }

    [Fact]
    public void A_refer_that_is_asked_to_wait_too_often_or_too_long_fails()
    {
        CallerAnswersRefer(500, new HeaderLine("Retry-After", "1"));
        CallIn();
        Decide(Refer());
        Run(2_500);
        Assert.Equal(3, _refers.Count);
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

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void A_report_that_overtakes_the_202_counts()
    {
        Caller.OnAsked = (phone, request) =>
        {
            if (request.Method == SipMethod.Refer)
                phone.Notify("SIP/2.0 200 OK", "terminated;reason=noresource");
        };
        CallIn();
        Decide(Refer());
        Run(50);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

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
        Assert.Empty(_refers);
        Assert.False(Assert.Single(Messages.Reroutes).CallerAnswered);
    }

    private static string Origin(string description) => description.Split("\r\n").First(l => l.StartsWith("o=", StringComparison.Ordinal));

    private string NotifyAfterBye(string fragment)
    {
        var invite = Network.Log.First(s => s.Kind == "INVITE");
        var answer = Network.Log.First(s => s.Kind == "200" && s.CSeqMethod == "INVITE");
        return $"""
            NOTIFY sip:10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKafterbye
            Max-Forwards: 70
            From: {answer.Header("From")}
            To: {answer.Header("To")}
            Call-ID: {invite.Header("Call-ID")}
            CSeq: 900 NOTIFY
            Contact: <sip:10.0.0.2:5060>
            Event: refer
            Subscription-State: terminated;reason=noresource
            Content-Type: message/sipfrag

            {fragment}

            """;
    }
}
