using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class InviteRequestTests : EdgeTest
{
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
