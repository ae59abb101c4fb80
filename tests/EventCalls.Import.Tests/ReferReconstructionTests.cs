using System.Net;
using EventCalls.Contracts;
using EventCalls.Testing;
using static EventCalls.Testing.WireCall;

namespace EventCalls.Import.Tests;

public class ReferReconstructionTests
{
    [Fact]
    [Trait("RFC", "3515 §2.4.5")]
    public async Task A_transfer_reported_as_answered_is_completed_and_the_call_transferred()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Referred().Notify(2, "100 Trying", "active;expires=60").After(1).Notify(3, "180 Ringing", "active").After(3).Notify(4, "200 OK", "terminated;reason=noresource")
            .Wire.Request(Us, Carrier, "BYE", branch: "b", fromTag: "tt", toTag: "ft", cseq: 9).Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(
            ["CallStarted", "CallAnswered", "HandoffRequested", "TransferStarted", "TransferProgressed", "TransferProgressed", "TransferProgressed", "TransferCompleted", "CallEnded"],
            call.Select(e => e.GetType().Name));
        var step = call.OfType<HandoffRequested>().Single().Steps[0];
        Assert.Equal((HandoffMethod.Refer, "sip:support@example.com", "+15551234567"), (step.Method, step.ReferTo, step.PhoneNumber));
        Assert.Equal([new SipHeader("X-Caller-ID", "77")], step.SipHeaders);
        Assert.Equal([202, 100, 180], call.OfType<TransferProgressed>().Select(p => p.Status!.Value));
        var completed = call.OfType<TransferCompleted>().Single();
        Assert.Equal(("notify", TransferOutcome.Answered, "terminated;reason=noresource"), (completed.Evidence.Source, completed.Outcome, completed.Evidence.SubscriptionState));
        Assert.Equal((CallParty.System, CallEndCause.Transferred), (((CallEnded)call[^1]).EndedBy, ((CallEnded)call[^1]).Cause));
    }

    [Fact]
    public async Task A_report_in_one_of_several_parts_is_read_with_what_it_says_beside_the_status()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Referred().Wire.Request(
            Carrier, Us, "NOTIFY", branch: "n2", toTag: "tt", cseq: 2, more: "Event: refer\r\nSubscription-State: terminated\r\nContent-Type: multipart/mixed;boundary=b\r\n",
            body: "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: message/sipfrag\r\n\r\nSIP/2.0 486 Busy Here\r\nReason: Q.850;cause=17\r\n\r\n--b--\r\n").Bytes);

        var failed = (await imported.CallAsync()).OfType<TransferFailed>().Single();
        Assert.Equal((TransferOutcome.Busy, 486, "Q.850;cause=17"), (failed.Outcome, failed.Evidence.Status, failed.Evidence.Reason));
    }

    [Theory]
    [InlineData("486 Busy Here", TransferOutcome.Busy)]
    [InlineData("603 Decline", TransferOutcome.Declined)]
    public async Task A_transfer_reported_as_failed_fails_typed(string status, TransferOutcome outcome)
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Referred().Notify(2, status, "terminated").Wire.Request(Carrier, Us, "BYE", branch: "b", toTag: "tt", cseq: 9).Bytes);

        Assert.Equal(outcome, (await imported.CallAsync()).OfType<TransferFailed>().Single().Outcome);
    }

    [Fact]
    public async Task A_BYE_before_the_final_report_leaves_it_open_and_a_report_behind_it_counts()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Referred("1@c").Notify(2, "100 Trying", "active").Wire.Request(Carrier, Us, "BYE", "1@c", branch: "b", toTag: "tt", cseq: 9).Bytes);
        await imported.ImportAsync(Referred("2@c").Notify(2, "100 Trying", "active").Wire.Request(Carrier, Us, "BYE", "2@c", branch: "b", toTag: "tt", cseq: 9)
            .After(1).Request(Carrier, Us, "NOTIFY", "2@c", branch: "n", toTag: "tt", cseq: 10, more: "Event: refer\r\nSubscription-State: terminated\r\n", body: "SIP/2.0 200 OK\r\n").Bytes);

        var calls = (await imported.CallsAsync()).ToDictionary(c => ((CallStarted)c[0]).SipCallId);
        Assert.Equal(TransferOutcome.NoNotify, calls["1@c"].OfType<TransferFailed>().Single().Outcome);
        Assert.Equal(CallEndCause.HungUp, ((CallEnded)calls["1@c"][^1]).Cause);
        Assert.Equal(TransferOutcome.Answered, calls["2@c"].OfType<TransferCompleted>().Single().Outcome);
        Assert.Equal(CallEndCause.Transferred, ((CallEnded)calls["2@c"][^1]).Cause);
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public async Task Without_a_subscription_the_2xx_is_the_outcome_and_a_refusal_is_one_too()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Answered("1@c").Request(Us, Carrier, "REFER", "1@c", branch: "r", fromTag: "tt", toTag: "ft", cseq: 7, more: "Refer-To: <sip:a@b>\r\nRefer-Sub: false\r\n")
            .Response(Carrier, Us, "202 Accepted", "REFER", "1@c", branch: "r", fromTag: "tt", toTag: "ft", cseq: 7, more: "Refer-Sub: false\r\n").Bytes);
        await imported.ImportAsync(Answered("2@c").Request(Us, Carrier, "REFER", "2@c", branch: "r", fromTag: "tt", toTag: "ft", cseq: 7, more: "Refer-To: <sip:a@b>\r\n")
            .Response(Carrier, Us, "407 Who", "REFER", "2@c", branch: "r", fromTag: "tt", toTag: "ft", cseq: 7)
            .Request(Us, Carrier, "REFER", "2@c", branch: "s", fromTag: "tt", toTag: "ft", cseq: 8, more: "Refer-To: <sip:a@b>\r\n")
            .Response(Carrier, Us, "405 No", "REFER", "2@c", branch: "s", fromTag: "tt", toTag: "ft", cseq: 8).Bytes);

        var calls = (await imported.CallsAsync()).ToDictionary(c => ((CallStarted)c[0]).SipCallId);
        Assert.Equal(TransferOutcome.Accepted, calls["1@c"].OfType<TransferCompleted>().Single().Outcome);
        Assert.Equal((TransferOutcome.NotAllowed, 405), (calls["2@c"].OfType<TransferFailed>().Single().Outcome, calls["2@c"].OfType<TransferFailed>().Single().Evidence.Status));
    }

    [Fact]
    public async Task The_call_that_a_REFER_leads_to_is_no_call_of_its_own_and_says_what_no_report_said()
    {
        var support = IPEndPoint.Parse("198.51.100.50:5060");
        await using var imported = new Imported();
        await imported.ImportAsync(Referred().Wire.After(1).Request(Carrier, support, "INVITE", "new@carrier", callee: "support", fromTag: "nf", uri: "sip:support@example.com", more: "Referred-By: <sip:us@x>\r\n")
            .Response(support, Carrier, "486 Busy Here", callId: "new@carrier", fromTag: "nf").Request(Carrier, Us, "BYE", branch: "b", toTag: "tt", cseq: 9).Bytes);

        var failed = (await imported.CallAsync()).OfType<TransferFailed>().Single();
        Assert.Equal((TransferOutcome.Busy, "response", 486), (failed.Outcome, failed.Evidence.Source, failed.Evidence.Status));
    }

    [Fact]
    [Trait("RFC", "3891 §3")]
    public async Task A_call_that_replaces_another_belongs_to_it()
    {
        var support = IPEndPoint.Parse("198.51.100.50:5060");
        await using var imported = new Imported();
        await imported.ImportAsync(Answered().Request(support, Carrier, "INVITE", "new@support", callee: "x", fromTag: "nf", more: "Replaces: a@carrier;to-tag=ft;from-tag=tt\r\n")
            .Response(Carrier, support, "200 OK", callId: "new@support", fromTag: "nf").Bytes);

        Assert.Equal("a@carrier", ((CallStarted)(await imported.CallAsync())[0]).SipCallId);
    }

    [Fact]
    public async Task A_REFER_of_the_caller_is_his_own_and_not_our_decision()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Answered().Request(Carrier, Us, "REFER", branch: "r", toTag: "tt", cseq: 7, more: "Refer-To: <sip:4200@x>\r\n")
            .Response(Us, Carrier, "202 Accepted", "REFER", branch: "r", cseq: 7)
            .Request(Us, Carrier, "NOTIFY", branch: "n", fromTag: "tt", toTag: "ft", cseq: 3, more: "Event: refer;id=7\r\nSubscription-State: terminated\r\n", body: "SIP/2.0 200 OK\r\n").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(Requester.Caller, call.OfType<HandoffRequested>().Single().RequestedBy);
        Assert.Equal(TransferOutcome.Answered, call.OfType<TransferCompleted>().Single().Outcome);
    }

    private static WireCall Answered(string callId = "a@carrier") => new WireCall(CaptureBytes.Pcap())
        .Request(Carrier, Us, "INVITE", callId).Response(Us, Carrier, "200 OK", callId: callId).Request(Carrier, Us, "ACK", callId, toTag: "tt");

    private static Reports Referred(string callId = "a@carrier") => new(
        Answered(callId)
            .Request(Us, Carrier, "REFER", callId, branch: "r", fromTag: "tt", toTag: "ft", cseq: 7, more: "Refer-To: <sip:support@example.com>\r\nReferred-By: <sip:+15551234567@us>\r\nX-Caller-ID: 77\r\n")
            .Response(Carrier, Us, "202 Accepted", "REFER", callId, branch: "r", fromTag: "tt", toTag: "ft", cseq: 7),
        callId);

    private sealed record Reports(WireCall Wire, string CallId)
    {
        public Reports After(double seconds) => this with { Wire = Wire.After(seconds) };

        // Each one comes twice, as when nobody answers it in time.
        public Reports Notify(int cseq, string status, string state) => this with { Wire = Once(Once(Wire, cseq, status, state), cseq, status, state) };

        private WireCall Once(WireCall wire, int cseq, string status, string state) => wire.Request(
            Carrier, Us, "NOTIFY", CallId, branch: $"n{cseq}", toTag: "tt", cseq: cseq, more: $"Event: refer\r\nSubscription-State: {state}\r\n", body: $"SIP/2.0 {status}\r\n");
    }
}
