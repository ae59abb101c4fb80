using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class ReferReportTests : ReferTest
{
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
}
