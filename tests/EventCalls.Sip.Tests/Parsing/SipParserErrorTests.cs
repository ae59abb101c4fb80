using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class SipParserErrorTests
{
    private const string Via = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
    private const string Rest = "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("\0\0\0")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("hello")]
    [InlineData(" BYE sip:a@b SIP/2.0\r\n\r\n")]
    [InlineData("BYE sip:a@b\r\n\r\n")]
    public void What_is_no_SIP_is_not_answered(string text) => Fails(text, SipParseError.NotSip, canRespond: false);

    [Theory]
    [InlineData("BYE sip:a@b SIP/2.0", SipParseError.Incomplete, false)]
    [InlineData("BYE sip:a@b SIP/2.0\r\n" + Via + Rest, SipParseError.Incomplete, true)]
    [InlineData("BYE sip:a@b SIP/2.0\r\n" + Via + "From: <sip:a@b>;ta", SipParseError.Incomplete, false)]
    [InlineData("SIP/2.0\r\n" + Via + Rest + "\r\n", SipParseError.BadStartLine, false)]
    [InlineData("SIP/2.0 99 x\r\n" + Via + Rest + "\r\n", SipParseError.BadStartLine, false)]
    [InlineData("SIP/2.0 700 x\r\n" + Via + Rest + "\r\n", SipParseError.BadStartLine, false)]
    [InlineData("SIP/2.0 2000\r\n" + Via + Rest + "\r\n", SipParseError.BadStartLine, false)]
    [InlineData("SIP/3.0 200 OK\r\n" + Via + Rest + "\r\n", SipParseError.UnsupportedVersion, false)]
    [InlineData("BYE noscheme SIP/2.0\r\n" + Via + Rest + "\r\n", SipParseError.BadUri, true)]
    [InlineData("BYE  SIP/2.0\r\n" + Via + Rest + "\r\n", SipParseError.BadStartLine, true)]
    public void A_broken_start_is_told(string text, SipParseError expected, bool canRespond) => Fails(text, expected, canRespond);

    [Theory]
    [InlineData(Rest, SipParseError.MissingHeader, false)]
    [InlineData("Via:\r\n" + Rest, SipParseError.BadVia, false)]
    [InlineData("Via: SIP/2.0 h\r\n" + Rest, SipParseError.BadVia, false)]
    [InlineData("Via: SIP/2.0/UDP\r\n" + Rest, SipParseError.BadVia, false)]
    [InlineData("Via: SIP/2.0/UDP h:x\r\n" + Rest, SipParseError.BadVia, false)]
    [InlineData("Via: SIP/1.0/UDP h\r\n" + Rest, SipParseError.BadVia, true)]
    [InlineData(Via + "From: a\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n", SipParseError.BadFrom, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n", SipParseError.BadTo, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo:\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n", SipParseError.BadTo, false)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1 2\r\nCSeq: 1 BYE\r\n", SipParseError.BadCallId, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: BYE\r\n", SipParseError.BadCSeq, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1BYE\r\n", SipParseError.BadCSeq, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 2147483648 BYE\r\n", SipParseError.BadCSeq, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 bye\r\n", SipParseError.CSeqMethodMismatch, true)]
    [InlineData(Via + "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\n", SipParseError.MissingHeader, false)]
    [InlineData(Via + Rest + "Max-Forwards: 256\r\n", SipParseError.BadMaxForwards, true)]
    [InlineData(Via + Rest + "Content-Length: 1 2\r\n", SipParseError.BadContentLength, true)]
    [InlineData(Via + Rest + "Content-Length: 1\r\n", SipParseError.BodyTooShort, true)]
    [InlineData(Via + Rest + "Call-ID: 1\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "i: 1\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "From: <sip:a@b>;tag=1\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "t: <sip:c@d>\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "CSeq: 1 BYE\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "Max-Forwards: 7\r\nMax-Forwards: 7\r\n", SipParseError.DuplicateHeader, true)]
    [InlineData(Via + Rest + "no colon here\r\n", SipParseError.BadHeader, true)]
    [InlineData(Via + Rest + ": no name\r\n", SipParseError.BadHeader, true)]
    [InlineData(Via + Rest + "X: bare\rCR\r\n", SipParseError.BadHeader, true)]
    [InlineData(" folded from nothing\r\n" + Via + Rest, SipParseError.BadHeader, true)]
    public void A_broken_field_is_told(string fields, SipParseError expected, bool canRespond) =>
        Fails($"BYE sip:a@b SIP/2.0\r\n{fields}\r\n", expected, canRespond);

    [Fact]
    [Trait("RFC", "3261 §17.1.1.3")]
    public void An_ACK_is_never_answered() =>
        Fails($"ACK sip:a@b SIP/2.0\r\n{Via}{Rest.Replace("BYE", "ACK", StringComparison.Ordinal)}Max-Forwards: x\r\n\r\n", SipParseError.BadMaxForwards, canRespond: false);

    [Fact]
    public void A_broken_field_does_not_hide_the_others()
    {
        var message = Fails($"BYE sip:a@b SIP/2.0\r\n{Via}broken\r\n{Rest}\r\nbody", SipParseError.BadHeader, canRespond: true);

        Assert.Equal("1", SipText.Get(message.CallId));
        Assert.Equal("z9hG4bK1", SipText.Get(message.ViaBranch));
        Assert.Equal("body", SipText.Get(message.Body));
    }

    [Theory]
    [InlineData(SipParser.MostHeaders - 5, SipParseError.None)]
    [InlineData(SipParser.MostHeaders - 4, SipParseError.TooManyHeaders)]
    public void The_number_of_fields_is_limited(int more, SipParseError expected)
    {
        var message = new SipMessage();
        var fields = string.Concat(Enumerable.Repeat("X: y\r\n", more));

        Assert.Equal(expected, SipParser.Parse(Encoding.UTF8.GetBytes($"BYE sip:a@b SIP/2.0\r\n{Via}{Rest}{fields}\r\n"), message));
        Assert.Equal(expected == SipParseError.None ? 400 : 513, SipParser.StatusOf(expected));
    }

    [Fact]
    public void A_message_over_64_KiB_is_refused()
    {
        var message = new SipMessage();

        Assert.Equal(SipParseError.TooLarge, SipParser.Parse(new byte[SipParser.MostBytes + 1], message));
        Assert.False(message.CanRespond);
    }

    [Fact]
    [Trait("RFC", "3261 §7.5")]
    public void Line_ends_before_the_start_line_and_LF_only_are_tolerated()
    {
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes(("\r\n\nBYE sip:a@b SIP/2.0\r\n" + Via + Rest + "\r\nx").Replace("\r\n", "\n", StringComparison.Ordinal)), message));
        Assert.StartsWith("BYE sip:a@b SIP/2.0\nVia", SipText.Get(message.Raw), StringComparison.Ordinal);
        Assert.Equal("BYE sip:a@b SIP/2.0", SipText.Get(message.StartLine));
        Assert.Equal("x", SipText.Get(message.Body));
    }

    [Fact]
    public void Equal_Content_Lengths_are_tolerated()
    {
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes($"BYE sip:a@b SIP/2.0\r\n{Via}{Rest}Content-Length: 1\r\nl: 1\r\n\r\nxy"), message));
        Assert.Equal("x", SipText.Get(message.Body));
    }

    [Fact]
    public void Nothing_of_an_earlier_message_is_left_in_the_next()
    {
        var message = new SipMessage();
        SipParser.Parse(Encoding.UTF8.GetBytes($"BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1;rport\r\n{Rest}Max-Forwards: 7\r\n\r\nxy"), message);

        SipParser.Parse("SIP/2.0 200 OK\r\n\r\n"u8.ToArray(), message);

        Assert.False(message.IsRequest);
        Assert.False(message.ViaHasRport);
        Assert.Equal(-1, message.MaxForwards);
        Assert.Equal(0u, message.CSeqNumber);
        Assert.Equal(0, message.HeaderCount);
        Assert.True(message.CallId.IsEmpty && message.FromTag.IsEmpty && message.ViaBranch.IsEmpty && message.RequestUri.IsEmpty && message.Body.IsEmpty);
    }

    [Fact]
    public void Every_error_has_words_that_can_be_sent()
    {
        foreach (var error in Enum.GetValues<SipParseError>())
        {
            Assert.True(SipText.IsSafeHeaderValue(SipParser.Explain(error)));
            if (error != SipParseError.None)
                Assert.NotEqual("Bad Request", SipParser.Explain(error));
        }
    }

    private static SipMessage Fails(string text, SipParseError expected, bool canRespond)
    {
        var message = new SipMessage();
        Assert.Equal(expected, SipParser.Parse(Encoding.UTF8.GetBytes(text), message));
        Assert.Equal(canRespond, message.CanRespond);
        return message;
    }
}
