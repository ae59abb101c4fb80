using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Tests.Decisions;

public sealed class DecisionValidationTests
{
    private static readonly HashSet<string> s_endpoints = ["pstn"];

    [Theory]
    [InlineData("+1 (555) 123-45.67", "+15551234567")]
    [InlineData("*98#", "*98#")]
    [InlineData("2222222", "2222222")]
    [InlineData("030/1234", "0301234")]
    [InlineData("sip:support@example.com", "sip:support@example.com")]
    [InlineData("SIPS:alice%20b;x=1@[2001:db8::1]:5061;transport=tls?Subject=a", "SIPS:alice%20b;x=1@[2001:db8::1]:5061;transport=tls?Subject=a")]
    [InlineData("sip:10.0.0.1:5080;transport=udp", "sip:10.0.0.1:5080;transport=udp")]
    [InlineData("tel:+1-555-1234;phone-context=example.com", "tel:+1-555-1234;phone-context=example.com")]
    public void A_number_or_a_uri_is_a_target(string given, string clean)
    {
        Assert.True(DecisionValidation.TryCheck(Handoff.Invite(given).Steps, null, out var steps, out string? error), error);
        Assert.Equal(clean, steps[0].PhoneNumber);
    }

    [Fact]
    public void A_REFER_by_a_number_alone_refers_to_the_number()
    {
        Assert.True(DecisionValidation.TryCheck(Handoff.Refer(null, phoneNumber: "+1 (555) 123").Steps, null, out var steps, out string? error), error);

        Assert.Equal(("+1555123", null), (steps[0].ReferTo, steps[0].PhoneNumber));
    }

    [Fact]
    public void A_REFER_by_what_is_no_number_is_refused_at_the_number()
    {
        Assert.False(DecisionValidation.TryCheck(Handoff.Refer(null, phoneNumber: "alice").Steps, null, out _, out string? error));

        Assert.StartsWith("handoff.refer.phone_number: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("1+2")]
    [InlineData("alice")]
    [InlineData("12\r\n34")]
    [InlineData("12\034")]
    [InlineData("sip:")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b c")]
    [InlineData("sip:a@b>")]
    [InlineData("sip:a@b\r\nVia: x")]
    [InlineData("sip:a@b\0")]
    [InlineData("sip:a@b\"")]
    [InlineData("sip:a@b:0")]
    [InlineData("sip:a@b:70000")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[zz]")]
    [InlineData("sip:ä@b")]
    [InlineData("http://example.com")]
    [InlineData("tel:")]
    [InlineData("tel:abc")]
    [InlineData("١٢٣")]
    public void Anything_else_is_none(string? given)
    {
        Assert.False(DecisionValidation.TryCheck(Handoff.Invite(given).Steps, null, out var steps, out string? error));
        Assert.Empty(steps);
        Assert.StartsWith("handoff.invite.phone_number: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error!, char.IsControl);
    }

    [Theory]
    [InlineData("\"Front desk\" <sip:+1555@example.com>")]
    [InlineData("\"Fränk \\\"D\\\"\" <sip:f@example.com>")]
    [InlineData("Front desk <tel:+1555>")]
    [InlineData("<sip:+1555@example.com>")]
    public void A_caller_id_may_have_a_display_name(string given)
    {
        Assert.True(DecisionValidation.TryCheck(Handoff.Invite("1", outboundCallerId: given).Steps, null, out var steps, out string? error), error);
        Assert.Equal(given, steps[0].OutboundCallerId);
    }

    [Theory]
    [InlineData("\"Front\r\ndesk\" <sip:a@b>")]
    [InlineData("\"Front \"desk\" <sip:a@b>")]
    [InlineData("\"Front desk\\\" <sip:a@b>")]
    [InlineData("Fränk <sip:a@b>")]
    [InlineData("\"x\" <sip:a@b>;tag=1>")]
    [InlineData("\"x\" <http://b>")]
    [InlineData("\"x\" <>")]
    public void A_display_name_that_would_break_the_header_is_refused(string given)
    {
        Assert.StartsWith("handoff.invite.outbound_caller_id: ", Error(Handoff.Invite("1", outboundCallerId: given)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_target_is_checked_where_it_stands()
    {
        Assert.StartsWith("handoff.refer.refer_to: ", Error(Handoff.Refer("x y")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.refer.phone_number: ", Error(Handoff.Refer("1", phoneNumber: "a\nb")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.redirect.contacts[1]: ", Error(Handoff.Redirect("1", "x y")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.redirect.contacts: 0 are given", Error(Handoff.Redirect()), StringComparison.Ordinal);
        Assert.StartsWith("handoff.invite.outbound_caller_id: ", Error(Handoff.Invite("1", outboundCallerId: "a\r\nb")), StringComparison.Ordinal);
        Assert.StartsWith("fallbacks[1].reject.status: 399 is given", Error(Handoff.Bye().OrElse(Handoff.Bye()).OrElse(Handoff.Reject(399))), StringComparison.Ordinal);
        Assert.StartsWith("handoff.reject.reason: holds a line break", Error(Handoff.Reject(480, "a\nb")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.bye.reason: ", Error(Handoff.Bye("a\0b")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.invite.ring_timeout: 0 s", Error(Handoff.Invite("1", ringTimeout: TimeSpan.Zero)), StringComparison.Ordinal);
        Assert.StartsWith("handoff.invite.ring_timeout: 601 s", Error(Handoff.Invite("1", ringTimeout: TimeSpan.FromSeconds(600.1))), StringComparison.Ordinal);
        Assert.StartsWith("handoff.refer.notify_timeout: ", Error(Handoff.Refer("1", notifyTimeout: TimeSpan.MaxValue)), StringComparison.Ordinal);
        Assert.StartsWith("handoff.invite.outbound_endpoint: there is no 'x'; configured are pstn", Error(Handoff.Invite("1", outboundEndpoint: "x")), StringComparison.Ordinal);
        Assert.StartsWith("handoff.invite.media: 'moon' is given; anchor or direct or rtpengine is possible", Error(Handoff.Invite("1").With(s => s with { Media = "moon" })), StringComparison.Ordinal);
        Assert.Null(Error(Handoff.Invite("1").With(s => s with { Media = "rtpengine", Record = true, Prompt = "welcome.wav" })));
        Assert.StartsWith("handoff.invite.record: true is given with the media direct", Error(Handoff.Invite("1").With(s => s with { Media = "direct", Record = true })), StringComparison.Ordinal);
        Assert.Null(Error(Handoff.Invite("1").With(s => s with { Media = "anchor", Record = true }).OrElse(Handoff.Invite("1").With(s => s with { Media = "direct", Record = false }))));
        Assert.Null(Error(Handoff.Invite("1", "pstn", "reception", TimeSpan.FromSeconds(0.5)).OrElse(Handoff.Reject(699))));
    }

    [Fact]
    public void A_header_whose_name_is_longer_than_any_is_refused() =>
        Assert.Contains("is a header name longer than 256 characters", Error(Handoff.Invite("1").WithHeader(new string('x', 257), "1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("X-A", "a\r\nInjected: 1", "holds a line break")]
    [InlineData("X-A", "a\nb", "holds a line break")]
    [InlineData("X-A", "a\0b", "holds a line break or NUL")]
    [InlineData("X-A", "a\u0007b", "U+0007")]
    [InlineData("X A", "1", "is no header name")]
    [InlineData("X-A:", "1", "is no header name")]
    [InlineData("X-A\r\nB", "1", "is no header name")]
    [InlineData("", "1", "has no name")]
    [InlineData("Via", "1", "SIP itself needs")]
    [InlineData("v", "1", "SIP itself needs")]
    [InlineData("FROM", "1", "SIP itself needs")]
    [InlineData("t", "1", "SIP itself needs")]
    [InlineData("Call-ID", "1", "SIP itself needs")]
    [InlineData("cseq", "1", "SIP itself needs")]
    [InlineData("m", "1", "SIP itself needs")]
    [InlineData("L", "1", "SIP itself needs")]
    [InlineData("Content-Length", "1", "SIP itself needs")]
    [InlineData("Max-Forwards", "1", "SIP itself needs")]
    [InlineData("Route", "1", "SIP itself needs")]
    [InlineData("Record-Route", "1", "SIP itself needs")]
    [InlineData("Refer-To", "1", "SIP itself needs")]
    [InlineData("r", "1", "SIP itself needs")]
    public void A_header_that_would_break_the_message_is_refused(string name, string value, string error)
    {
        string? message = Error(Handoff.Invite("1").WithHeader(name, value));

        Assert.StartsWith("handoff.invite.sip_headers[", message, StringComparison.Ordinal);
        Assert.Contains(error, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Customer-ID", "42")]
    [InlineData("P-Asserted-Identity", "<sip:a@b>")]
    [InlineData("Diversion", "<sip:a@b>;reason=unconditional")]
    [InlineData("User-to-User", "00FA;encoding=hex")]
    [InlineData("X-Tab", "a\tb ü")]
    [InlineData("X-Empty", "")]
    public void Any_other_header_is_taken(string name, string value)
    {
        Assert.Null(Error(Handoff.Invite("1").WithHeader(name, value)));
    }

    [Fact]
    public void Any_parameter_of_the_method_can_be_set_and_is_checked_and_no_other()
    {
        var step = Handoff.Bye().OrElse(Handoff.Invite("1")).With(s => s with { RingTimeoutSeconds = 20 });

        Assert.Equal([null, 20], step.Steps.Select(s => s.RingTimeoutSeconds));
        Assert.StartsWith("handoff.invite.ring_timeout: 0 s", Error(Handoff.Invite("1").With(s => s with { RingTimeoutSeconds = 0 })), StringComparison.Ordinal);
        Assert.StartsWith("invite has no status.", Assert.Throws<ArgumentException>(() => Handoff.Invite("1").With(s => s with { Status = 480 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Handoff.Invite("1").With(s => s with { Method = HandoffMethod.Bye }));
        Assert.Throws<ArgumentException>(() => Handoff.Invite("1").With(s => s with { SipHeaders = null! }));
    }

    [Fact]
    public void There_is_an_end_to_steps_and_headers()
    {
        var many = Handoff.Bye();
        for (int i = 0; i < 20; i++)
            many = many.OrElse(Handoff.Bye());
        var wide = Handoff.Bye();
        for (int i = 0; i < 65; i++)
            wide = wide.WithHeader("X-A", "1");

        Assert.StartsWith("handoff: 21 steps", Error(many), StringComparison.Ordinal);
        Assert.StartsWith("handoff.bye.sip_headers: 65 are given", Error(wide), StringComparison.Ordinal);
        Assert.Contains("longer than 4096", Error(Handoff.Bye().WithHeader("X-A", new string('x', 4097))), StringComparison.Ordinal);
    }

    private static string? Error(HandoffStep step)
    {
        DecisionValidation.TryCheck(step.Steps, s_endpoints, out _, out string? error);
        return error;
    }
}
