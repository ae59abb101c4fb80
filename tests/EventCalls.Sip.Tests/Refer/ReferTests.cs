using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Tests.Dialogs;

namespace EventCalls.Sip.Tests.Refer;

public sealed class ReferTests
{
    private readonly SipPair _pair = new();
    private OutgoingLeg _caller = null!;
    private IncomingLeg _callee = null!;

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void An_accepted_REFER_is_followed_by_progress_and_result()
    {
        Refer(request => request.Respond(202));
        Notify(1, "active;expires=60", "SIP/2.0 100 Trying");
        Notify(2, "active;expires=55", "SIP/2.0 180 Ringing");
        Notify(3, "terminated;reason=noresource", "SIP/2.0 200 OK");
        Assert.Equal(["refer accepted 202", "notify 100", "notify 180", "notify 200 terminated"], _pair.B.Log.Skip(2));
        _callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.1")]
    public void Refer_To_Referred_By_and_custom_headers_are_sent()
    {
        Refer(request => request.Respond(202));
        var refer = _pair.Network.Log.First(s => s.Kind == "REFER");
        Assert.Equal("<sip:support@example.com>", refer.Header("Refer-To"));
        Assert.Equal("<sip:us@10.0.0.2>", refer.Header("Referred-By"));
        Assert.Equal("42", refer.Header("X-Customer"));
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2")]
    public void A_refused_REFER_is_reported_and_the_call_goes_on()
    {
        Refer(request => request.Respond(405));
        Assert.Equal("refer refused 405", _pair.B.Log[^1]);
        Assert.Equal(LegState.Confirmed, _callee.State);
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public void Refer_Sub_false_means_nothing_more_will_come()
    {
        Refer(request => request.Respond(202, headers: [new HeaderLine("Refer-Sub", "false")]));
        Assert.Equal("refer accepted 202 without subscription", _pair.B.Log[^1]);
        _callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void Silence_after_202_expires_the_subscription()
    {
        Refer(request => request.Respond(202));
        _pair.Network.Run(61_000);
        Assert.Equal("refer expired", _pair.B.Log[^1]);
        Notify(1, "active", "SIP/2.0 200 OK");
        Assert.Equal(1, _pair.Count("481", "NOTIFY"));
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void A_NOTIFY_may_overtake_the_202()
    {
        IncomingRequest? held = null;
        Refer(request => held = request);
        Notify(1, "active", "SIP/2.0 100 Trying");
        held!.Respond(202);
        _pair.Network.Run(50);
        Assert.Equal(["notify 100", "refer accepted 202"], _pair.B.Log.Skip(2));
    }

    [Fact]
    [Trait("RFC", "5057 §5.2")]
    public void A_NOTIFY_after_the_BYE_still_arrives()
    {
        Refer(request => request.Respond(202));
        _caller.Bye();
        _pair.Network.Run(50);
        Assert.Equal(1, _pair.Bob.Agent!.OpenLegs);
        Notify(1, "terminated", "SIP/2.0 486 Busy Here");
        Assert.Equal(["bye", "notify 486 terminated"], _pair.B.Log.Skip(3));
        _pair.Network.Run(70_000);
        Assert.Equal(0, _pair.Bob.Agent.OpenLegs);
    }

    [Fact]
    [Trait("RFC", "6665 §4.1.3")]
    public void A_terminated_NOTIFY_without_a_fragment_has_no_status()
    {
        Refer(request => request.Respond(202));
        Notify(1, "terminated;reason=timeout", null);
        Assert.Equal("notify - terminated", _pair.B.Log[^1]);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_challenged_REFER_is_sent_again_with_credentials()
    {
        Refer(
            request =>
            {
                if (request.Message.Has(HeaderId.Authorization))
                    request.Respond(202);
                else
                    request.Respond(401, headers: [new HeaderLine("WWW-Authenticate", "Digest realm=\"sbc\", nonce=\"n\", qop=\"auth\"")]);
            },
            new Credentials("u", "p"));
        Assert.Equal(2, _pair.Count("REFER"));
        Assert.Equal("refer accepted 202", _pair.B.Log[^1]);
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK\r\n", 200)]
    [InlineData("sip/2.0 486 Busy Here", 486)]
    [InlineData("\r\nSIP/2.0 603 Decline\r\n", 603)]
    [InlineData("SIP/2.0 100", 100)]
    [InlineData("SIP/2.0 1000 No", null)]
    [InlineData("SIP/2.0 99 No", null)]
    [InlineData("INVITE sip:x SIP/2.0", null)]
    [InlineData("", null)]
    [Trait("RFC", "3420")]
    public void The_status_of_a_fragment_is_read_or_said_to_be_missing(string body, int? status) =>
        Assert.Equal(status, new SipFragment(System.Text.Encoding.ASCII.GetBytes(body)).Status);

    [Fact]
    [Trait("RFC", "3420")]
    public void A_fragment_tells_the_header_fields_of_the_response_folded_and_repeated_ones_too()
    {
        var fragment = new SipFragment("SIP/2.0 486 Busy Here\r\nReason: Q.850;cause=17\r\n ;text=\"User busy\"\r\nWarning : 399 a \"x\"\r\nreason: SIP;cause=486\r\nRetry-After:5"u8);

        Assert.Equal((486, "Busy Here"), (fragment.Status, System.Text.Encoding.ASCII.GetString(fragment.Phrase)));
        Assert.Equal("Q.850;cause=17 ;text=\"User busy\", SIP;cause=486", fragment.Field(HeaderId.Reason));
        Assert.Equal("399 a \"x\"", fragment.Field(HeaderId.Warning));
        Assert.Equal("5", fragment.Field(HeaderId.RetryAfter));
        Assert.Null(fragment.Field(HeaderId.Contact));
        Assert.Null(new SipFragment("INVITE sip:x SIP/2.0\r\nReason: a"u8).Field(HeaderId.Reason));
    }

    private void Refer(Action<IncomingRequest> answer, Credentials? credentials = null)
    {
        (_caller, _callee) = _pair.Established();
        _pair.A.Requested = (_, request) => answer(request);
        _callee.Refer(
            new OutgoingRefer { ReferTo = "sip:support@example.com", ReferredBy = "<sip:us@10.0.0.2>", Headers = [new HeaderLine("X-Customer", "42")], Credentials = credentials },
            _pair.B);
        _pair.Network.Run(50);
    }

    private void Notify(uint number, string state, string? fragment)
    {
        var established = _pair.Network.Log.First(s => s.Kind == "INVITE");
        var script = _pair.Alice;
        script.Send(_pair.Bob, $"""
            NOTIFY sip:10.0.0.2:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKnotify{number}
            Max-Forwards: 70
            From: {established.Header("From")}
            To: {_pair.Network.Log.First(s => s.Kind == "200").Header("To")}
            Call-ID: {established.Header("Call-ID")}
            CSeq: {number + 100} NOTIFY
            Event: refer
            Subscription-State: {state}
            Content-Type: message/sipfrag;version=2.0

            {fragment}
            """);
        _pair.Network.Run(50);
    }
}
