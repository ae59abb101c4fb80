using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class ByeRedirectRejectTests : EdgeTest
{
    private static Handoff Bye() => new() { Method = HandoffMethod.Bye };

    private static Handoff Redirect(params string[] contacts) => new() { Method = HandoffMethod.Redirect, Contacts = contacts };

    private void AnswerImmediately() => Options = Options with { Answer = AnswerMode.Immediately };

    [Fact]
    public void An_answered_call_is_given_back_by_bye_with_headers_and_reason()
    {
        AnswerImmediately();
        CallIn();
        Decide(Bye() with { Reason = "Back to \"you\"", SipHeaders = [new SipHeader("X-Result", "done")] });
        Run(50);
        Assert.Equal(["call_started", "call_answered caller", "transfer_started 1 bye", "transfer_completed accepted", "call_ended system given_back"], Story());
        var bye = Network.Log.Single(s => s.Kind == "BYE");
        Assert.Equal("done", bye.Header("X-Result"));
        Assert.Equal("Q.850;cause=16;text=\"Back to \\\"you\\\"\"", bye.Header("Reason"));
        Assert.Null(Single<CallEnded>().Status);
        AssertOver();
    }

    [Fact]
    public void A_call_that_is_not_answered_is_answered_and_given_back_by_bye_with_the_headers()
    {
        CallIn();
        Decide(Bye() with { SipHeaders = [new SipHeader("X-Result", "done")] });
        Run(50);
        Assert.Equal(["transfer_started 1 bye", "call_answered caller", "transfer_completed accepted", "call_ended system given_back"], Story()[1..]);
        Assert.Equal("done", Network.Log.Single(s => s.Kind == "BYE").Header("X-Result"));
        Assert.Equal(("local", (int?)null), (Single<TransferCompleted>().Evidence.Source, Single<TransferCompleted>().Evidence.Status));
        AssertOver();
    }

    [Fact]
    public void A_call_whose_offer_cannot_be_answered_is_given_back_with_480_and_the_headers()
    {
        _ = Shard;
        Caller.Call(NodeHost, new Content("application/sdp", "v=0\r\no=x 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n"u8.ToArray()));
        Run(20);
        Decide(Bye() with { SipHeaders = [new SipHeader("X-Result", "done")] });
        Run(50);
        Assert.Equal(["transfer_started 1 bye", "transfer_completed accepted", "call_ended system given_back 480"], Story()[1..]);
        Assert.Equal("done", Network.Log.First(s => s.Kind == "480").Header("X-Result"));
        AssertOver();
    }

    [Fact]
    public void A_caller_who_never_acknowledges_the_answer_is_not_called_given_back()
    {
        Network.Lose = sent => sent.Kind == "ACK";
        CallIn();
        Decide(Bye());
        Run(40_000);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended system peer_silent"], Story()[^2..]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §15")]
    public void A_bye_waits_for_the_ack_of_the_answer()
    {
        AnswerImmediately();
        Network.Lose = sent => sent.Kind == "ACK" && Network.Now < 400;
        CallIn();
        Decide(Bye());
        Run(300);
        Assert.DoesNotContain("bye", Caller.Log);
        Run(1_000);
        Assert.Equal("bye", Caller.Log[^1]);
        Assert.Equal("call_ended system given_back", Story()[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §21.3.3")]
    public void A_redirect_lists_the_contacts_best_first()
    {
        CallIn();
        Decide(Redirect("sip:support@example.com", "+12222222", "tel:+1-333") with { OutboundEndpoint = "pstn", SipHeaders = [new SipHeader("Diversion", "<sip:a@b>;reason=unconditional")] });
        Run(50);
        Assert.Equal(
            [
                "transfer_started 1 redirect sip:support@example.com, sip:+12222222@10.0.0.3:5060, sip:+1333@10.0.0.3:5060",
                "transfer_completed accepted",
                "call_ended system redirected 302",
            ],
            Story()[1..]);
        var response = Network.Log.First(s => s.Kind == "302");
        Assert.Equal(["<sip:support@example.com>;q=1.0", "<sip:+12222222@10.0.0.3:5060>;q=0.9", "<sip:+1333@10.0.0.3:5060>;q=0.8"], response.Headers("Contact"));
        Assert.Equal("<sip:a@b>;reason=unconditional", response.Header("Diversion"));
        AssertOver();
    }

    [Fact]
    public void A_redirect_of_an_answered_call_is_not_allowed()
    {
        AnswerImmediately();
        CallIn();
        Decide(Redirect("sip:a@example.com"), Bye());
        Run(50);
        Assert.Equal("transfer_failed not_allowed", Story()[3]);
        Assert.Equal("call_ended system given_back", Story()[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData("sip:a@b.example\r\nX: 1")]
    [InlineData("nobody")]
    [InlineData("<sip:a@b.example>")]
    public void A_contact_that_is_not_valid_is_refused(string contact)
    {
        CallIn();
        Decide(Redirect("sip:a@example.com", contact), Reject());
        Run(50);
        Assert.Equal("transfer_failed invalid_target", Story()[2]);
        Assert.Equal("call_ended system rejected 480", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_redirect_to_nobody_is_refused()
    {
        CallIn();
        Decide(Redirect(), Reject());
        Run(50);
        Assert.Equal("transfer_failed invalid_target", Story()[2]);
    }

    [Fact]
    public void A_rejection_carries_status_phrase_and_headers()
    {
        CallIn();
        Decide(Reject(486) with { Reason = "All Busy", SipHeaders = [new SipHeader("Retry-After", "60")] });
        Run(50);
        Assert.Equal(["transfer_started 1 reject", "transfer_completed accepted", "call_ended system rejected 486"], Story()[1..]);
        var response = Network.Log.First(s => s.Kind == "486");
        Assert.Equal("SIP/2.0 486 All Busy", response.StartLine);
        Assert.Equal("60", response.Header("Retry-After"));
        AssertOver();
    }

    [Fact]
    public void A_rejection_of_an_answered_call_is_a_bye_with_the_reason()
    {
        AnswerImmediately();
        CallIn();
        Decide(Reject(486));
        Run(50);
        Assert.Equal("bye SIP;cause=486;text=\"Busy Here\"", Caller.Log[^1]);
        Assert.Equal("call_ended system rejected", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_rejection_does_not_wait_for_the_bus()
    {
        CallIn();
        Journal.ConfirmsAtOnce = false;
        Decide(Reject());
        Run(50);
        Assert.Equal("480", Caller.Log[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData(399)]
    [InlineData(700)]
    [InlineData(0)]
    public void A_status_that_is_no_refusal_is_refused(int status)
    {
        CallIn();
        Decide(Reject(status), Reject(404));
        Run(50);
        Assert.Equal(["transfer_started 1 reject", "transfer_failed invalid_target", "transfer_started 2 reject"], Story()[1..4]);
        Assert.Equal("call_ended system rejected 404", Story()[^1]);
    }

    [Theory]
    [InlineData(HandoffMethod.Bye)]
    [InlineData(HandoffMethod.Reject)]
    [InlineData(HandoffMethod.Redirect)]
    public void A_reason_with_a_line_end_is_refused(HandoffMethod method)
    {
        CallIn();
        Decide(new Handoff { Method = method, Reason = "a\r\nX: 1", Contacts = ["sip:a@b"], Status = 486 }, Reject());
        Run(50);
        Assert.Equal("transfer_failed invalid_target", Story()[2]);
        Assert.DoesNotContain(Network.Log, s => s.Text.Contains("\r\nX: 1", StringComparison.Ordinal));
    }
}
