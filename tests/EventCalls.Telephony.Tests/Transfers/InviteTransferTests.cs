using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class InviteTransferTests : EdgeTest
{
    [Fact]
    public void An_answered_target_is_connected_to_the_caller_until_the_caller_hangs_up()
    {
        Target.OnCall = (phone, leg) =>
        {
            leg.Ring(180);
            leg.Answer(phone.Session());
        };
        CallIn();
        Decide(Invite());
        Run(100);
        Caller.Leg!.Bye([new HeaderLine("Reason", "Q.850;cause=16")]);
        Run(100);
        Assert.Equal(
            [
                "call_started",
                "transfer_started 1 invite sip:+12222222@10.0.0.3:5060",
                "transfer_progressed response 180",
                "call_answered target",
                "call_answered caller",
                "transfer_completed answered",
                "call_ended caller hung_up",
            ],
            Story());
        Assert.Equal(["180", "200"], Caller.Log);
        Assert.Equal(["invite", "ack", "bye Q.850;cause=16"], Target.Log);
        Assert.Contains("o=target", Caller.Heard);
        Assert.Contains("o=caller", Target.Heard);
        var completed = Single<TransferCompleted>();
        Assert.Equal("sip:10.0.0.3:5060", completed.AnsweredBy);
        Assert.Equal(10, completed.PostDialDelayMs);
        Assert.Equal(200, completed.Evidence.Status);
        var ended = Single<CallEnded>();
        Assert.Equal("Q.850;cause=16", ended.Reason);
        Assert.InRange(ended.AnsweredMs!.Value, 50, 200);
        AssertOver();
    }

    [Fact]
    public void A_target_that_hangs_up_ends_the_call_with_its_reason_passed_on()
    {
        Bridge();
        Target.Leg!.Bye([new HeaderLine("Reason", "Q.850;cause=16;text=\"done\"")]);
        Run(100);
        Assert.Equal("call_ended target hung_up", Story()[^1]);
        Assert.Equal("bye Q.850;cause=16;text=\"done\"", Caller.Log[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData(486, "busy")]
    [InlineData(603, "declined")]
    [InlineData(404, "not_found")]
    [InlineData(480, "no_answer")]
    [InlineData(403, "not_allowed")]
    [InlineData(503, "unreachable")]
    [InlineData(302, "error")]
    public void A_refusal_of_the_target_fails_the_attempt_with_a_typed_outcome(int status, string outcome)
    {
        TargetRefuses(status);
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal($"transfer_failed {outcome} final", Story()[^1]);
        var failed = Single<TransferFailed>();
        Assert.Equal("response", failed.Evidence.Source);
        Assert.Equal(status, failed.Evidence.Status);
        Assert.Single(Messages.Reroutes);
        Decide(Reject());
        Run(200);
        AssertOver();
    }

    [Fact]
    public void The_evidence_keeps_reason_warning_and_retry_after_as_received()
    {
        Target.OnCall = (_, leg) => leg.Reject(500, "Out of Order", [new("Reason", "Q.850;cause=27"), new("Retry-After", "30"), new("Warning", "399 x \"down\"")]);
        CallIn();
        Decide(Invite());
        Run(200);
        var evidence = Single<TransferFailed>().Evidence;
        Assert.Equal("Out of Order", evidence.ReasonPhrase);
        Assert.Equal("Q.850;cause=27", evidence.Reason);
        Assert.Equal("30", evidence.RetryAfter);
        Assert.Equal("399 x \"down\"", evidence.Warning);
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void The_ring_timeout_cancels_the_target_and_is_no_answer()
    {
        CallIn();
        Decide(Invite() with { RingTimeoutSeconds = 7 }, Reject());
        Run(6_900);
        Assert.DoesNotContain("cancel", Target.Log);
        Run(200);
        Assert.Equal(["invite", "cancel"], Target.Log);
        Assert.Equal("call_started, transfer_started 1 invite sip:+12222222@10.0.0.3:5060, transfer_failed no_answer, transfer_started 2 reject, transfer_completed accepted, call_ended system rejected 480",
            string.Join(", ", Story().Where(l => !l.StartsWith("transfer_progressed", StringComparison.Ordinal))));
        AssertOver();
    }

    [Fact]
    public void A_silent_target_times_out()
    {
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        CallIn();
        Decide(Invite());
        Run(33_000);
        Assert.Equal("transfer_failed timed_out final", Story()[^1]);
        Assert.Equal(LocalEvidence.NoResponse, Single<TransferFailed>().Evidence.Here());
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_cancels_while_it_rings_cancels_the_target_and_passes_the_reason_on()
    {
        var leg = CallIn();
        Decide(Invite());
        Run(100);
        leg.Cancel([new HeaderLine("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")]);
        Run(100);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller cancelled 487"], Story()[^2..]);
        Assert.Equal(["invite", "cancel"], Target.Log);
        Assert.Equal(["180", "487"], Caller.Log);
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", Single<CallEnded>().Reason);
        Assert.Contains(Network.Log, s => s.Kind == "CANCEL" && s.To.Equals(Target.Host.EndPoint) && s.Header("Reason") is not null);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §9.1")]
    public void An_answer_that_crosses_the_cancel_is_taken_and_ended()
    {
        var leg = CallIn();
        Decide(Invite());
        Run(100);
        leg.Cancel();
        Run(7);
        // The CANCEL is on its way to the target, whose 200 meets it.
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(100);
        Assert.Equal(["invite", "ack", "bye"], Target.Log);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller cancelled 487"], Story()[^2..]);
        AssertOver();
    }

    [Fact]
    public void A_cancel_that_comes_after_the_answer_changes_nothing()
    {
        var leg = CallIn();
        Decide(Invite());
        Run(100);
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(6);
        leg.Cancel();
        Run(200);
        // The caller's user agent takes the 200 that crossed its CANCEL and hangs up.
        Assert.Equal("call_ended caller hung_up", Story()[^1]);
        Assert.Equal(["invite", "ack", "bye"], Target.Log);
        AssertOver();
    }

    [Theory]
    [InlineData(true, "invite, ack, bye")]
    [InlineData(false, "invite, no ack")]
    [Trait("RFC", "3261 §13.3.1.4")]
    public void A_caller_that_never_acknowledges_ends_the_call_and_the_target(bool withOffer, string target)
    {
        TargetAnswers();
        CallIn(withOffer);
        Network.Lose = sent => sent.To.Equals(NodeHost.EndPoint) && sent.Kind == "ACK";
        Decide(Invite());
        Run(40_000);
        Assert.Equal("call_ended system peer_silent", Story()[^1]);
        Assert.Equal(target, string.Join(", ", Target.Log));
        Network.Lose = null;
        AssertOver();
    }

    [Fact]
    public void The_endpoints_next_address_is_tried_as_an_attempt_of_its_own_when_one_is_unreachable()
    {
        TargetRefuses(503);
        Second.OnCall = (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        Decide(Invite(endpoint: "both"));
        Run(200);
        Assert.Equal(
            [
                "call_started",
                "transfer_started 1 invite sip:+12222222@10.0.0.3:5060",
                "transfer_failed unreachable",
                "transfer_started 2 invite sip:+12222222@10.0.0.4:5060",
                "call_answered target",
                "call_answered caller",
                "transfer_completed answered",
            ],
            Story());
        Assert.Equal(Journal.Events[2].EventId, Journal.Events[3].CausationId);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_busy_target_is_not_tried_at_the_endpoints_next_address()
    {
        TargetRefuses(486);
        CallIn();
        Decide(Invite(endpoint: "both"), Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(
            ["transfer_failed busy", "transfer_started 2 invite sip:+12222222@10.0.0.4:5060", "transfer_progressed response 180"],
            Story()[2..]);
    }
}
