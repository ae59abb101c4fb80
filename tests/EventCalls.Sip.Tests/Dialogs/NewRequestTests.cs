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

    [Fact]
    [Trait("RFC", "3261 §21.4.14")]
    public void A_foreign_URI_scheme_is_answered_416()
    {
        Send("INVITE", "", uri: "http://example.com");
        Assert.Equal("416", _script.Received.Last().Kind);
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

    private void Send(string method, string header, int maxForwards = 70, string uri = "sip:bob@10.0.0.2")
    {
        _script.Send(_pair.Bob, $"""
            {method} {uri} SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKn1
            Max-Forwards: {maxForwards}
            From: <sip:carol@10.0.0.9>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: n1
            CSeq: 1 {method}
            Contact: <sip:carol@10.0.0.9>{(header.Length == 0 ? "" : "\r\n" + header)}
            """);
        _pair.Network.Run(50);
    }
}
