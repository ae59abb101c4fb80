using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

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

    [Fact]
    public void Early_media_is_passed_back_as_received()
    {
        Target.OnCall = (phone, leg) => leg.Ring(183, phone.Session());
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal(["183 with media"], Caller.Log);
        Assert.Contains("o=target 1 1", Caller.Heard);
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(100);
        Assert.Equal(["183 with media", "200"], Caller.Log);
        Assert.Contains("o=target 1 2", Caller.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void Of_several_forks_only_the_first_ones_early_media_reaches_the_caller()
    {
        var proxy = Network.AddHost("10.0.0.9:5060");
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "proxy", To = ["sip:10.0.0.9:5060"] }] };
        string? invite = null;
        proxy.OnReceived = sent =>
        {
            if (sent.Kind != "INVITE")
                return;
            invite = sent.Text;
            proxy.Send(NodeHost, Respond(sent.Text, "183 Session Progress", "fork1", "v=0\r\no=one 1 1 IN IP4 10.0.1.1\r\ns=-\r\nc=IN IP4 10.0.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));
            proxy.Send(NodeHost, Respond(sent.Text, "183 Session Progress", "fork2", "v=0\r\no=two 1 1 IN IP4 10.0.1.2\r\ns=-\r\nc=IN IP4 10.0.1.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));
        };
        CallIn();
        Decide(Invite(endpoint: "proxy"));
        Run(50);
        Assert.Equal(["183 with media"], Caller.Log);
        Assert.Contains("o=one", Caller.Heard);
        proxy.Send(NodeHost, Respond(invite!, "200 OK", "fork2", "v=0\r\no=two 1 2 IN IP4 10.0.1.2\r\ns=-\r\nc=IN IP4 10.0.1.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n", contact: true));
        Run(50);
        Assert.Equal(["183 with media", "200"], Caller.Log);
        // One session of ours goes on, with a newer version and the place where the media now is.
        Assert.Contains("o=one 1 2 IN IP4 10.0.1.1\r\n", Caller.Heard);
        Assert.Contains("c=IN IP4 10.0.1.2\r\n", Caller.Heard);
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void An_offer_that_the_target_makes_is_answered_by_the_callers_ack()
    {
        TargetAnswers();
        Caller.OnAnswered = (phone, leg) =>
        {
            leg.DeferAck();
            leg.Ack(phone.Session());
        };
        CallIn(withOffer: false);
        Decide(Invite());
        Run(100);
        Assert.Equal(["invite", "ack with media"], Target.Log);
        Assert.Contains("o=caller", Target.Heard);
        Assert.Contains("o=target", Caller.Heard);
        Assert.DoesNotContain("o=", Target.Invite);
        Caller.Leg!.Bye();
        Run(100);
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
    public void The_number_headers_and_caller_id_go_out_as_asked_for()
    {
        CallIn(headers: new HeaderLine("X-Other", "1"));
        Decide(Invite("+1 (222) 222-2") with
        {
            OutboundCallerId = "\"Front desk\" <sip:+15550001111@example.com;user=phone>",
            SipHeaders = [new SipHeader("X-Customer-ID", "42"), new SipHeader("X-Customer-ID", "43")],
        });
        Run(100);
        Assert.Contains("INVITE sip:+12222222@10.0.0.3:5060 SIP/2.0", Target.Invite);
        Assert.Contains("From: \"Front desk\" <sip:+15550001111@example.com>;tag=", Target.Invite);
        Assert.Contains("P-Asserted-Identity: \"Front desk\" <sip:+15550001111@example.com>", Target.Invite);
        Assert.Contains("To: <sip:+12222222@10.0.0.3:5060>\r\n", Target.Invite);
        Assert.Contains("X-Customer-ID: 42\r\nX-Customer-ID: 43\r\n", Target.Invite);
        Assert.Contains("Max-Forwards: 69\r\n", Target.Invite);
        Assert.DoesNotContain("X-Other", Target.Invite);
        var started = Single<TransferStarted>();
        Assert.Equal("pstn", started.Trunk);
        Assert.Equal("sip:+15550001111@example.com", started.CallerId);
        Assert.Equal([new SipHeader("X-Customer-ID", "42"), new SipHeader("X-Customer-ID", "43")], started.HeadersSent);
    }

    [Theory]
    [InlineData(CallerIdIn.Both, "From: <sip:+15551234567@10.0.0.1>;tag=", "P-Asserted-Identity: <sip:+15551234567@10.0.0.1>")]
    [InlineData(CallerIdIn.From, "From: <sip:+15551234567@10.0.0.1>;tag=", null)]
    [InlineData(CallerIdIn.PAssertedIdentity, "From: <sip:10.0.0.1>;tag=", "P-Asserted-Identity: <sip:+15551234567@10.0.0.1>")]
    [Trait("RFC", "3325 §9.1")]
    public void Without_a_caller_id_the_callers_own_is_presented_where_the_endpoint_wants_it(CallerIdIn where, string from, string? identity)
    {
        Options = Options with { Trunks = [Options.Trunks[0], Options.Trunks[1] with { CallerIdIn = where }] };
        CallIn();
        Decide(Invite(endpoint: null));
        Run(100);
        Assert.Contains(from, Target.Invite);
        if (identity is null)
            Assert.DoesNotContain("P-Asserted-Identity", Target.Invite);
        else
            Assert.Contains(identity, Target.Invite);
        Assert.DoesNotContain("Privacy", Target.Invite);
    }

    [Fact]
    [Trait("RFC", "3325 §7")]
    public void A_withheld_caller_stays_withheld_and_the_network_still_knows_the_number()
    {
        CallIn(headers: [new("Privacy", "id"), new("P-Asserted-Identity", "<sip:+15559999999@carrier.example>")]);
        Assert.Equal("", Started.CallerNumber);
        Decide(Invite() with { OutboundCallerId = Started.CallerNumber });
        Run(100);
        Assert.Contains("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=", Target.Invite);
        Assert.Contains("P-Asserted-Identity: <sip:+15559999999@10.0.0.1>", Target.Invite);
        Assert.Contains("Privacy: id", Target.Invite);
        Assert.Null(Single<TransferStarted>().CallerId);
    }

    [Theory]
    [InlineData("+1222\r\nX-Evil: 1", "pstn", null, "X-A", "1")]
    [InlineData("sip:a@b\r\nX-Evil: 1", null, null, "X-A", "1")]
    [InlineData("sip:a b@example.com", null, null, "X-A", "1")]
    [InlineData("sip:a>b@example.com", null, null, "X-A", "1")]
    [InlineData("sip:a@example.com?X-Evil=1", null, null, "X-A", "1")]
    [InlineData("support", "pstn", null, "X-A", "1")]
    [InlineData("+12222222", "nowhere", null, "X-A", "1")]
    [InlineData("+12222222", "carrier", null, "X-A", "1")]
    [InlineData("+12222222", null, null, "X-A", "1")]
    [InlineData("+12222222", "pstn", "+1\r\nX-Evil: 1", "X-A", "1")]
    [InlineData("+12222222", "pstn", "\"a\0b\" <sip:x@y>", "X-A", "1")]
    [InlineData("+12222222", "pstn", null, "X-A", "1\r\nX-Evil: 1")]
    [InlineData("+12222222", "pstn", null, "X-A", "1\0")]
    [InlineData("+12222222", "pstn", null, "X A", "1")]
    [InlineData("+12222222", "pstn", null, "Via", "SIP/2.0/UDP 1.2.3.4")]
    [InlineData("+12222222", "pstn", null, "m", "<sip:x@y>")]
    [InlineData("+12222222", "pstn", null, "content-length", "0")]
    public void What_is_not_valid_is_refused_and_nothing_is_sent(string number, string? endpoint, string? callerId, string header, string value)
    {
        CallIn();
        int before = Network.Log.Count(s => s.From.Equals(NodeHost.EndPoint));
        Decide(Invite(number, endpoint) with { OutboundCallerId = callerId, SipHeaders = [new SipHeader(header, value)] });
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.Equal(before, Network.Log.Count(s => s.From.Equals(NodeHost.EndPoint)));
        Assert.Empty(Single<TransferStarted>().HeadersSent);
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public async Task A_uri_is_dialled_as_it_is_and_a_host_name_is_resolved()
    {
        Hosts["pbx.example"] = [IPAddress.Parse("10.0.0.3")];
        Options = Options with { Targets = ["pbx.example"] };
        CallIn();
        Decide(Invite("sip:desk@pbx.example;x=y", null));
        await RunUntilAsync(() => Target.Invite is not null);
        Assert.Contains("INVITE sip:desk@pbx.example;x=y SIP/2.0", Target.Invite);
        Assert.Contains("To: <sip:desk@pbx.example>", Target.Invite);
    }

    [Fact]
    public async Task A_host_name_without_address_is_unreachable()
    {
        Options = Options with { Targets = ["nowhere.example"] };
        CallIn();
        Decide(Invite("sip:desk@nowhere.example", null));
        await RunUntilAsync(() => Journal.Events.OfType<TransferFailed>().Any());
        Assert.Equal("transfer_failed unreachable final", Story()[^1]);
        Assert.Equal(LocalEvidence.HostNotFound, Single<TransferFailed>().Evidence.Here());
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

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_challenge_is_answered_with_the_endpoints_credentials()
    {
        var carrier = Network.AddHost("10.0.0.9:5060");
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "proxy", To = ["sip:10.0.0.9:5060"], UserName = "me", Password = "secret" }] };
        carrier.OnReceived = sent =>
        {
            if (sent.Kind == "INVITE")
                carrier.Send(NodeHost, Respond(sent.Text, sent.Header("Proxy-Authorization") is null ? "407 Proxy Authentication Required\r\nProxy-Authenticate: Digest realm=\"x\", nonce=\"n\"" : "486 Busy Here", "c", null));
        };
        CallIn();
        Decide(Invite(endpoint: "proxy"));
        Run(200);
        Assert.Equal("transfer_failed busy final", Story()[^1]);
        Assert.Contains("username=\"me\"", carrier.Received.Last(s => s.Kind == "INVITE").Header("Proxy-Authorization"));
    }

    [Fact]
    public void A_challenge_without_credentials_is_unauthorized()
    {
        TargetRefuses(407);
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal("transfer_failed unauthorized final", Story()[^1]);
    }

    /// <summary>A response to a request, as a proxy would forward it.</summary>
    private static string Respond(string request, string status, string tag, string? body, bool contact = false)
    {
        var lines = request.Split("\r\n");
        var kept = lines.Where(l => l.StartsWith("Via:", StringComparison.Ordinal) || l.StartsWith("From:", StringComparison.Ordinal)
            || l.StartsWith("Call-ID:", StringComparison.Ordinal) || l.StartsWith("CSeq:", StringComparison.Ordinal));
        string to = lines.First(l => l.StartsWith("To:", StringComparison.Ordinal));
        string text = $"SIP/2.0 {status}\r\n{string.Join("\r\n", kept)}\r\n{to};tag={tag}\r\n";
        if (contact)
            text += "Contact: <sip:10.0.0.9:5060>\r\n";
        return body is null ? text + "\r\n" : $"{text}Content-Type: application/sdp\r\n\r\n{body}";
    }
}
