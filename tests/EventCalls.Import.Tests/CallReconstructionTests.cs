using System.Net;
using EventCalls.Contracts;
using EventCalls.Import.Calls;
using EventCalls.Testing;
using static EventCalls.Testing.WireCall;

namespace EventCalls.Import.Tests;

public class CallReconstructionTests
{
    private const string Sdp = "v=0\r\no=alice 2890844526 2890844526 IN IP4 192.0.2.1\r\ns=-\r\n";

    [Fact]
    public async Task A_call_without_transfer_is_its_beginning_answer_and_end()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", more: "X-Customer-ID: 4711\r\nAuthorization: Digest username=\"u\",response=\"secret\"\r\n", body: Sdp)
            .After(1).Response(Us, Carrier, "200 OK").Request(Carrier, Us, "ACK", toTag: "tt")
            .After(5).Request(Carrier, Us, "BYE", branch: "9", toTag: "tt", cseq: 2, more: "Reason: Q.850;cause=16\r\n").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(["CallStarted", "CallAnswered", "CallEnded"], call.Select(e => e.GetType().Name));
        var started = (CallStarted)call[0];
        Assert.Equal(("+15551234567", "+15557654321", "sip:+15557654321@192.0.2.10"), (started.CallerNumber, started.CalleeNumber, started.RequestUri));
        Assert.Equal(("import", "import:0.pcap", "0.pcap", "192.0.2.1:5060", "udp"), (started.Trunk, started.Node, started.ImportedFrom, started.RemoteEndPoint, started.Transport));
        Assert.Contains(new SipHeader("X-Customer-ID", "4711"), started.Headers);
        Assert.Contains(started.Headers, h => h.Name == "Authorization" && h.Value.Contains("redacted", StringComparison.Ordinal) && !h.Value.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(Sdp, started.OfferedMedia);
        var ended = (CallEnded)call[^1];
        Assert.Equal((CallParty.Caller, CallEndCause.HungUp, "Q.850;cause=16"), (ended.EndedBy, ended.Cause, ended.Reason));
        Assert.Equal((6_030L, 5_020L), (ended.DurationMs, ended.AnsweredMs!.Value));
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public async Task Repetitions_and_an_INVITE_with_credentials_are_one_call()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire()
            .Request(Carrier, Us, "INVITE").Request(Carrier, Us, "INVITE").Response(Us, Carrier, "401 Unauthorized").Response(Us, Carrier, "401 Unauthorized")
            .Request(Carrier, Us, "ACK", toTag: "tt").Request(Carrier, Us, "INVITE", branch: "2", cseq: 2).Response(Us, Carrier, "401 Unauthorized")
            .Response(Us, Carrier, "200 OK", branch: "2", cseq: 2).Response(Us, Carrier, "200 OK", branch: "2", cseq: 2)
            .Request(Carrier, Us, "BYE", branch: "3", toTag: "tt", cseq: 3).Request(Carrier, Us, "BYE", branch: "3", toTag: "tt", cseq: 3).Bytes);

        Assert.Equal(["CallStarted", "CallAnswered", "CallEnded"], (await imported.CallAsync()).Select(e => e.GetType().Name));
    }

    [Theory]
    [InlineData("486 Busy Here", TransferOutcome.Busy)]
    [InlineData("603 Decline", TransferOutcome.Declined)]
    [InlineData("404 Not Found", TransferOutcome.NotFound)]
    [InlineData("503 Service Unavailable", TransferOutcome.Unreachable)]
    public async Task A_leg_that_fails_is_a_handoff_with_its_outcome_and_no_second_one(string status, TransferOutcome outcome)
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp)
            .Request(Us, Target, "INVITE", "b@us", callee: "4100", more: "X-Call-Type: Sales\r\n", body: Sdp).After(2).Response(Target, Us, "180 Ringing", callId: "b@us")
            .Response(Target, Us, status, callId: "b@us", more: "Retry-After: 5\r\n").Response(Us, Carrier, status).Bytes);

        var call = await imported.CallAsync();
        var requested = Assert.Single(call.OfType<HandoffRequested>());
        var step = Assert.Single(requested.Steps);
        Assert.Equal((HandoffMethod.Invite, "4100", "+15551234567", Requester.Import), (step.Method, step.PhoneNumber, step.OutboundCallerId, requested.RequestedBy));
        Assert.Equal([new SipHeader("X-Call-Type", "Sales")], step.SipHeaders);
        var failed = Assert.Single(call.OfType<TransferFailed>());
        Assert.Equal((outcome, "response", "5", true), (failed.Outcome, failed.Evidence.Source, failed.Evidence.RetryAfter, failed.Final));
        Assert.InRange(failed.PostDialDelayMs!.Value, 2_000, 2_050);
        Assert.Equal((CallEndCause.Rejected, int.Parse(status[..3])), (((CallEnded)call[^1]).Cause, ((CallEnded)call[^1]).Status!.Value));
        Assert.Equal(180, Assert.Single(call.OfType<TransferProgressed>()).Status);
    }

    public static TheoryData<string, string, string> CommonThings => new()
    {
        { "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000\r\n", "Session-ID: ab30317f1a784dc48ff824d0d3715d86\r\n", "Session-ID" },
        { "P-Charging-Vector: icid-value=\"1234bc9876e\";orig-ioi=a\r\n", "P-Charging-Vector: icid-value=1234bc9876e\r\n", "charging" },
        { "", "X-Orig-Call: a@carrier\r\n", "a header with the Call-ID" },
        { "", "In-Reply-To: a@carrier\r\n", "In-Reply-To" },
        { "X-Trace: 0a1b2c3d4e\r\n", "x-trace: 0a1b2c3d4e\r\n", "a header of both" },
    };

    [Theory]
    [MemberData(nameof(CommonThings))]
    public async Task Another_leg_is_found_by_what_it_has_in_common_even_with_another_caller_id(string first, string second, string what)
    {
        await using var imported = new Imported();
        // Another open call of the same caller shows that the number alone did not decide.
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", "other@carrier", fromTag: "o").Request(Carrier, Us, "INVITE", more: first)
            .Request(Us, Target, "INVITE", "b@us", caller: "+19998887777", callee: "4100", more: second).Response(Target, Us, "486 Busy", callId: "b@us").Response(Us, Carrier, "486 Busy").Bytes);

        var calls = await imported.CallsAsync();
        Assert.Equal(2, calls.Count);
        var call = calls.Single(c => ((CallStarted)c[0]).SipCallId == "a@carrier");
        Assert.True(call.OfType<TransferFailed>().Any(), what);
    }

    [Fact]
    public async Task As_a_last_resort_the_callers_number_decides_in_any_of_its_forms_when_one_call_has_it()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", caller: "+4930555123456").Request(Carrier, Us, "INVITE", "other@carrier", caller: "+4930555999999", fromTag: "o")
            .Request(Us, Target, "INVITE", "b@us", caller: "0304930555123456"[3..], callee: "4100").Response(Target, Us, "200 OK", callId: "b@us").Response(Us, Carrier, "200 OK").Bytes);

        var call = (await imported.CallsAsync()).Single(c => ((CallStarted)c[0]).SipCallId == "a@carrier");
        Assert.Equal(["target", "caller"], call.OfType<CallAnswered>().Select(a => a.Leg));
        Assert.Equal(TransferOutcome.Answered, Assert.Single(call.OfType<TransferCompleted>()).Outcome);
    }

    [Fact]
    public async Task A_leg_that_could_belong_to_several_calls_is_left_out_and_named()
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE").Request(Carrier, Us, "INVITE", "other@carrier", fromTag: "o")
            .Request(Us, Target, "INVITE", "b@us", callee: "4100").Bytes);

        Assert.Equal((2L, 1L), (result.Imported, result.UnassignedLegs));
        Assert.Contains("could belong to 2 calls", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bridged_call_is_told_as_the_service_tells_it()
    {
        await using var imported = new Imported { Trunks = [new KnownTrunk("carrier", ["192.0.2.0/24"], []), new KnownTrunk("pstn", [], ["sip:198.51.100.7"])] };
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp)
            .Request(Us, Target, "INVITE", "b@us", callee: "+12222222", body: Sdp).After(1).Response(Target, Us, "180 Ringing", callId: "b@us").Response(Us, Carrier, "180 Ringing")
            .After(2).Response(Target, Us, "200 OK", callId: "b@us", more: "Contact: <sip:agent@198.51.100.7>\r\n").Response(Us, Carrier, "200 OK")
            .After(30).Request(Target, Us, "BYE", "b@us", branch: "8", fromTag: "tt", toTag: "ft", more: "Reason: Q.850;cause=16\r\n")
            .Request(Us, Carrier, "BYE", branch: "8", fromTag: "tt", toTag: "ft").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(
            ["CallStarted", "HandoffRequested", "TransferStarted", "TransferProgressed", "CallAnswered", "CallAnswered", "TransferCompleted", "CallEnded"],
            call.Select(e => e.GetType().Name));
        Assert.Equal("carrier", ((CallStarted)call[0]).Trunk);
        var started = (TransferStarted)call[2];
        Assert.Equal(("sip:+12222222@198.51.100.7", "pstn", "+15551234567"), (started.Target, started.Trunk, started.CallerId));
        Assert.Equal("sip:agent@198.51.100.7", ((TransferCompleted)call[^2]).AnsweredBy);
        Assert.Equal((CallParty.Target, CallEndCause.HungUp, "Q.850;cause=16"), (((CallEnded)call[^1]).EndedBy, ((CallEnded)call[^1]).Cause, ((CallEnded)call[^1]).Reason));
    }

    [Fact]
    public async Task The_same_INVITE_at_two_hops_is_one_call_with_one_handoff_and_the_headers_that_were_added()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", more: "X-In: 1\r\n")
            .Request(Us, Target, "INVITE", branch: "proxy", callee: "4100", more: "X-In: 1\r\nX-Added: 2\r\n")
            .After(1).Response(Target, Us, "200 OK", branch: "proxy").Response(Us, Carrier, "200 OK")
            .After(3).Request(Target, Us, "BYE", branch: "8", fromTag: "tt", toTag: "ft").Request(Us, Carrier, "BYE", branch: "7", fromTag: "tt", toTag: "ft").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal([new SipHeader("X-Added", "2")], Assert.Single(call.OfType<HandoffRequested>()).Steps[0].SipHeaders);
        Assert.Equal("sip:4100@198.51.100.7", Assert.Single(call.OfType<TransferStarted>()).Target);
        Assert.Equal((CallParty.Target, CallEndCause.HungUp), (((CallEnded)call[^1]).EndedBy, ((CallEnded)call[^1]).Cause));
    }

    [Fact]
    public async Task With_our_addresses_only_what_comes_in_to_them_is_a_call()
    {
        var sbc = IPEndPoint.Parse("203.0.113.5:5060");
        await using var imported = new Imported { Ours = ["192.0.2.10"], Trunk = "sbc" };
        var result = await imported.ImportAsync(Wire().Request(Carrier, sbc, "INVITE").Request(sbc, Us, "INVITE", branch: "2").Request(Us, Target, "INVITE", "b@us", callee: "4100")
            .Response(Target, Us, "486 Busy", callId: "b@us").Response(Us, sbc, "486 Busy", branch: "2").Response(sbc, Carrier, "486 Busy")
            .Request(Us, Target, "INVITE", "alone@us", caller: "4999", fromTag: "z").Request(Carrier, sbc, "INVITE", "foreign@carrier", fromTag: "y").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(("203.0.113.5:5060", "sbc"), (((CallStarted)call[0]).RemoteEndPoint, ((CallStarted)call[0]).Trunk));
        Assert.Equal(TransferOutcome.Busy, Assert.Single(call.OfType<TransferFailed>()).Outcome);
        Assert.Equal(1, result.UnassignedLegs);
    }

    [Fact]
    public async Task A_leg_that_the_target_passes_on_is_no_transfer_of_ours()
    {
        var agent = IPEndPoint.Parse("198.51.100.99:5060");
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp).Request(Us, Target, "INVITE", "b@us", callee: "4100", body: Sdp)
            .Request(Target, agent, "INVITE", "c@target", callee: "4101", body: Sdp).Response(agent, Target, "200 OK", callId: "c@target")
            .Response(Target, Us, "200 OK", callId: "b@us").Response(Us, Carrier, "200 OK").Bytes);

        Assert.Equal("sip:4100@198.51.100.7", Assert.Single((await imported.CallAsync()).OfType<TransferStarted>()).Target);
    }

    [Fact]
    public async Task Targets_tried_one_after_another_are_handoffs_and_the_same_target_elsewhere_is_an_attempt()
    {
        var second = IPEndPoint.Parse("198.51.100.8:5060");
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp)
            .Request(Us, Target, "INVITE", "b@us", callee: "4100", body: Sdp, uri: "sip:4100@pool").Response(Target, Us, "503 Down", callId: "b@us")
            .Request(Us, second, "INVITE", "c@us", callee: "4100", body: Sdp, uri: "sip:4100@pool").Response(second, Us, "486 Busy", callId: "c@us")
            .Request(Us, Target, "INVITE", "d@us", callee: "4200", body: Sdp).Response(Target, Us, "200 OK", callId: "d@us").Response(Us, Carrier, "200 OK").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(["4100", "4200"], call.OfType<HandoffRequested>().Select(h => h.Steps[0].PhoneNumber));
        Assert.Equal([(1, false), (2, true)], call.OfType<TransferFailed>().Select(f => (f.Attempt, f.Final)));
        Assert.Equal((1, TransferOutcome.Answered), (call.OfType<TransferCompleted>().Single().Attempt, call.OfType<TransferCompleted>().Single().Outcome));
    }

    [Fact]
    public async Task A_caller_who_cancels_while_it_rings_is_the_one_who_hung_up()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp).Request(Us, Target, "INVITE", "b@us", callee: "4100", body: Sdp).Response(Target, Us, "180 Ringing", callId: "b@us")
            .After(4).Request(Carrier, Us, "CANCEL", more: "Reason: SIP;cause=487\r\n").Request(Us, Target, "CANCEL", "b@us", callee: "4100")
            .Response(Us, Carrier, "487 Request Terminated").Response(Target, Us, "487 Request Terminated", callId: "b@us").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(TransferOutcome.CallerHungUp, Assert.Single(call.OfType<TransferFailed>()).Outcome);
        Assert.Equal((CallParty.Caller, CallEndCause.Cancelled, "SIP;cause=487"), (((CallEnded)call[^1]).EndedBy, ((CallEnded)call[^1]).Cause, ((CallEnded)call[^1]).Reason));
    }

    [Fact]
    public async Task A_redirect_a_refusal_and_a_call_given_back_are_handoffs_of_their_own()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire()
            .Request(Carrier, Us, "INVITE", "1@carrier").Response(Us, Carrier, "302 Moved Temporarily", callId: "1@carrier", more: "Contact: <sip:north@x>;q=1.0, <sip:south@x>;q=0.9\r\n")
            .Request(Carrier, Us, "INVITE", "2@carrier").Response(Us, Carrier, "603 Not Today", callId: "2@carrier", more: "X-Why: closed\r\n")
            .Request(Carrier, Us, "INVITE", "3@carrier").Response(Us, Carrier, "200 OK", callId: "3@carrier")
            .After(9).Request(Us, Carrier, "BYE", "3@carrier", branch: "5", fromTag: "tt", toTag: "ft", more: "Reason: Q.850;cause=16;text=\"No agent\"\r\nX-Return: 1\r\n").Bytes);

        var calls = (await imported.CallsAsync()).ToDictionary(c => ((CallStarted)c[0]).SipCallId);
        var redirect = calls["1@carrier"].OfType<HandoffRequested>().Single().Steps[0];
        Assert.Equal(["sip:north@x", "sip:south@x"], redirect.Contacts);
        Assert.Equal("sip:north@x, sip:south@x", calls["1@carrier"].OfType<TransferStarted>().Single().Target);
        Assert.Equal((CallEndCause.Redirected, 302), (((CallEnded)calls["1@carrier"][^1]).Cause, ((CallEnded)calls["1@carrier"][^1]).Status));
        var reject = calls["2@carrier"].OfType<HandoffRequested>().Single().Steps[0];
        Assert.Equal((HandoffMethod.Reject, 603, "Not Today"), (reject.Method, reject.Status, reject.Reason));
        Assert.Equal([new SipHeader("X-Why", "closed")], reject.SipHeaders);
        var bye = calls["3@carrier"].OfType<HandoffRequested>().Single().Steps[0];
        Assert.Equal((HandoffMethod.Bye, "No agent"), (bye.Method, bye.Reason));
        Assert.Equal((CallParty.System, CallEndCause.GivenBack), (((CallEnded)calls["3@carrier"][^1]).EndedBy, ((CallEnded)calls["3@carrier"][^1]).Cause));
        Assert.All(calls.Values, c => Assert.Equal(TransferOutcome.Accepted, c.OfType<TransferCompleted>().Single().Outcome));
    }

    [Fact]
    [Trait("RFC", "3326 §2")]
    public async Task A_refusal_told_by_BYE_to_a_caller_who_is_answered_is_one()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE").Response(Us, Carrier, "200 OK")
            .After(9).Request(Us, Carrier, "BYE", branch: "5", fromTag: "tt", toTag: "ft", more: "Reason: SIP;cause=603;text=\"Not today\"\r\n").Bytes);

        var call = await imported.CallAsync();
        var reject = call.OfType<HandoffRequested>().Single().Steps[0];
        Assert.Equal((HandoffMethod.Reject, 603, "Not today"), (reject.Method, reject.Status, reject.Reason));
        Assert.Equal((CallEndCause.Rejected, null), (((CallEnded)call[^1]).Cause, ((CallEnded)call[^1]).Status));
    }

    [Fact]
    public async Task A_call_whose_end_was_not_captured_says_so_and_so_does_its_attempt()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(Wire().Request(Carrier, Us, "INVITE", body: Sdp).Request(Us, Target, "INVITE", "b@us", callee: "4100", body: Sdp).After(3).Response(Target, Us, "180 Ringing", callId: "b@us").Bytes);

        var call = await imported.CallAsync();
        Assert.Equal((TransferOutcome.Error, (LocalEvidence?)LocalEvidence.NotSeen), (call.OfType<TransferFailed>().Single().Outcome, call.OfType<TransferFailed>().Single().Evidence.Here()));
        var ended = (CallEnded)call[^1];
        Assert.Equal((CallEndCause.NotSeen, null, CaptureBytes.Start.AddSeconds(3.02)), (ended.Cause, ended.Status, ended.OccurredAt));
    }

    [Fact]
    public async Task A_call_that_began_before_the_capture_is_counted_and_left_out()
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync(Wire().Request(Carrier, Us, "BYE", toTag: "tt").Request(Carrier, Us, "BYE", toTag: "tt").Request(Carrier, Us, "INVITE", "z@carrier", toTag: "tt").Bytes);

        Assert.Equal(0, result.Calls);
        Assert.StartsWith("2 calls began before the capture", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    private static WireCall Wire() => new(CaptureBytes.Pcap());
}
