using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

public sealed class NewRequestTests
{
    private readonly SipPair _pair = new();
    private readonly VirtualHost _script;

    public NewRequestTests() => _script = _pair.Network.AddHost("10.0.0.9:5060");

    [Theory]
    [InlineData("OPTIONS", "", "200")]
    [InlineData("REGISTER", "", "405")]
    [InlineData("SUBSCRIBE", "", "405")]
    [InlineData("BREW", "", "501")]
    [InlineData("BYE", "", "481")]
    [InlineData("NOTIFY", "", "481")]
    [InlineData("INVITE", "Require: 100rel, timer", "420")]
    [InlineData("INVITE", "Content-Encoding: gzip", "415")]
    [InlineData("OPTIONS", "Require: foo", "420")]
    [InlineData("BYE", "Require: foo", "420")]
    [InlineData("PRACK", "", "405")]
    [InlineData("MESSAGE", "", "405")]
    [Trait("RFC", "3261 §8.2")]
    public void What_is_not_supported_gets_the_response_that_says_so(string method, string header, string status)
    {
        Send(method, header);
        Assert.Equal(status, _script.Received.Last().Kind);
        Assert.Empty(_pair.B.Incoming);
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.2.3")]
    public void Unsupported_names_each_option_that_was_required()
    {
        Send("INVITE", "Require: 100rel, timer");
        Assert.Equal(["100rel", "timer"], _script.Received.Last().Headers("Unsupported"));
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.1")]
    public void A_405_says_what_is_allowed()
    {
        Send("REGISTER", "");
        Assert.Contains("INVITE", _script.Received.Last().Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §21.4.4")]
    public void A_stranger_is_answered_403_and_nothing_is_kept()
    {
        _pair.B.Admitting = false;
        Send("INVITE", "");
        Assert.Equal("403", _script.Received.Last().Kind);
        Assert.Equal(0, _pair.Bob.Agent!.OpenTransactions);
    }

    [Fact]
    [Trait("RFC", "3261 §21.4.20")]
    public void A_request_without_hops_left_is_answered_483()
    {
        Send("INVITE", "", maxForwards: 0);
        Assert.Equal("483", _script.Received.Last().Kind);
    }

    [Fact]
    [Trait("RFC", "3261 §21.5.6")]
    public void Another_version_is_answered_505()
    {
        _script.Send(_pair.Bob, """
            OPTIONS sip:bob@10.0.0.2 SIP/3.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKv
            From: <sip:carol@10.0.0.9>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: v
            CSeq: 1 OPTIONS
            """);
        _pair.Network.Run(50);
        Assert.Equal("505", _script.Received.Single().Kind);
    }

    [Fact]
    [Trait("RFC", "3261 §21.5.7")]
    public void A_message_beyond_the_limit_is_answered_513()
    {
        Send("INVITE", "X-Long: " + new string('x', 40_000));
        Assert.Equal("513", _script.Received.Last().Kind);
        Assert.Empty(_pair.B.Incoming);
    }

    [Theory]
    [InlineData("INVITE", "http://example.com")]
    [InlineData("INVITE", "sips:bob@10.0.0.2")]
    [InlineData("OPTIONS", "foo:bar")]
    [InlineData("OPTIONS", "sips:bob@10.0.0.2")]
    [Trait("RFC", "3261 §8.2.2.1")]
    public void A_URI_scheme_that_is_not_served_is_answered_416(string method, string uri)
    {
        Send(method, "", uri: uri);
        Assert.Equal("416", _script.Received.Last().Kind);
        Assert.Empty(_pair.B.Incoming);
    }

    [Theory]
    [InlineData("session", "100")]
    [InlineData("Session;handling=required", "100")]
    [InlineData("render", "100")]
    [InlineData("icon;handling=optional", "100")]
    [InlineData("icon;handling=required", "415")]
    [InlineData("icon", "415")]
    [InlineData("session-info", "415")]
    [Trait("RFC", "3261 §20.11")]
    public void A_body_that_is_for_something_else_and_must_be_understood_is_refused(string disposition, string status)
    {
        Send("INVITE", $"Content-Type: application/sdp\r\nContent-Disposition: {disposition}\r\n\r\nv=0\r\n");
        Assert.Equal(status, _script.Received.Last().Kind);
    }

    [Theory]
    [InlineData("z9hG4bKn1", "400", 0)]
    [InlineData("n1", "100", 1)]
    [Trait("RFC", "3261 §12.1.1")]
    public void Only_a_caller_of_RFC_2543_may_have_no_From_tag(string branch, string status, int legs)
    {
        Send("INVITE", "", from: "<sip:carol@10.0.0.9>", branch: branch);
        Assert.Equal(status, _script.Received.Last().Kind);
        Assert.Equal(legs, _pair.B.Incoming.Count);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.2")]
    public void A_call_without_From_tag_is_answered_and_ended_like_any_other()
    {
        Send("INVITE", "", from: "<sip:carol@10.0.0.9>", branch: "n1");
        var leg = _pair.B.Incoming.Single();
        leg.Answer(SipPair.Offer);
        _pair.Network.Run(50);
        string to = _script.Received.Last(s => s.Kind == "200").Header("To")!;
        Send("ACK", "", from: "<sip:carol@10.0.0.9>", branch: "n1a", to: to);
        Assert.Equal(EventCalls.Sip.Dialogs.LegState.Confirmed, leg.State);
        Send("BYE", "", from: "<sip:carol@10.0.0.9>", branch: "n2", to: to, cseq: 2);
        Assert.Equal("200", _script.Received.Last().Kind);
        Assert.Equal("bye", _pair.B.Log[^1]);
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.6.1")]
    public void A_100_says_when_the_INVITE_was_sent_as_that_said_it()
    {
        Send("INVITE", "Timestamp: 54.21 0.5");
        Assert.Equal("54.21 0.5", _script.Received.First(s => s.Kind == "100").Header("Timestamp"));
        _pair.B.Incoming.Single().Answer(SipPair.Offer);
        _pair.Network.Run(50);
        Assert.Null(_script.Received.Last(s => s.Kind == "200").Header("Timestamp"));
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.7")]
    public void A_stateless_refusal_has_the_same_tag_each_time()
    {
        Send("REGISTER", "");
        Send("REGISTER", "");
        Assert.Equal(2, _script.Received.Count);
        Assert.Equal(_script.Received[0].Header("To"), _script.Received[1].Header("To"));
    }

    [Theory]
    [InlineData("Contact: <sip:u\"@127.0.0.1:9>", "Bad Contact")]
    [InlineData("Contact: <http://10.0.0.9/>", "Bad Contact")]
    [InlineData("Contact: <tel:+15551234567>", "Bad Contact")]
    [InlineData("Contact: *", "Bad Contact")]
    [InlineData("Contact: <sip:carol@10.0.0.9:x>", "Bad Contact")]
    [InlineData("Record-Route: <sip:p\"@10.0.0.9;lr>", "Bad Record-Route")]
    [InlineData("Record-Route: <sip:10.0.0.8;lr>, <http://10.0.0.9/>", "Bad Record-Route")]
    [InlineData("Content-Type: application/sdp\0", "Malformed Content-Type")]
    [InlineData("X-Other: a\0b", "Malformed Header Line")]
    [Trait("RFC", "3261 §12.1.1")]
    public void What_could_not_be_written_later_is_refused_now(string header, string phrase)
    {
        Send("INVITE", header, contact: header.StartsWith("Contact", StringComparison.Ordinal) ? "" : "Contact: <sip:carol@10.0.0.9>");
        Assert.Equal($"SIP/2.0 400 {phrase}", _script.Received.Last().StartLine);
        Assert.Empty(_pair.B.Incoming);
        Assert.Equal(0, _pair.Bob.Agent!.OpenTransactions);
    }

    private void Send(
        string method, string header, int maxForwards = 70, string uri = "sip:bob@10.0.0.2", string from = "<sip:carol@10.0.0.9>;tag=c",
        string branch = "z9hG4bKn1", string to = "<sip:bob@10.0.0.2>", int cseq = 1,
        string contact = "Contact: <sip:carol@10.0.0.9>")
    {
        _script.Send(_pair.Bob, $"""
            {method} {uri} SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch={branch}
            Max-Forwards: {maxForwards}
            From: {from}
            To: {to}
            Call-ID: n1
            CSeq: {cseq} {method}
            {contact}{(header.Length == 0 || contact.Length == 0 ? "" : "\r\n")}{header}
            """);
        _pair.Network.Run(50);
    }
}
