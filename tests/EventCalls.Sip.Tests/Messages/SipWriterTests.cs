using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Messages;

public sealed class SipWriterTests
{
    private readonly SipWriter _writer = new(16);

    [Fact]
    [Trait("RFC", "3261 §7.1")]
    public void A_request_is_written_and_read_back()
    {
        _writer.Request(SipMethod.Refer, "sip:b@example.com;lr");
        _writer.Header(HeaderId.Via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport");
        _writer.Header(HeaderId.MaxForwards, 70);
        _writer.Header(HeaderId.From, "<sip:a@example.com>;tag=1"u8);
        _writer.Header(HeaderId.To, "<sip:b@example.com>;tag=2");
        _writer.Header(HeaderId.CallId, "x@y");
        _writer.Header(HeaderId.CSeq, "101 REFER");
        _writer.Header("X-Customer-ID", "Zoë");
        _writer.Body("message/sipfrag;version=2.0", "SIP/2.0 100 Trying\r\n"u8);

        Assert.Equal(
            "REFER sip:b@example.com;lr SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\n" +
            "To: <sip:b@example.com>;tag=2\r\nCall-ID: x@y\r\nCSeq: 101 REFER\r\nX-Customer-ID: Zoë\r\nContent-Type: message/sipfrag;version=2.0\r\nContent-Length: 20\r\n\r\nSIP/2.0 100 Trying\r\n",
            Written());
        var message = new SipMessage();
        Assert.Equal(SipParseError.None, SipParser.Parse(_writer.WrittenMemory, message));
        Assert.Equal(SipMethod.Refer, message.Method);
        Assert.Equal("Zoë", SipText.Get(message.Header("X-Customer-ID"u8)));
        Assert.Equal("SIP/2.0 100 Trying\r\n", SipText.Get(message.Body));
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.6.2")]
    public void A_response_copies_the_fields_of_its_request_in_their_order_and_unfolded()
    {
        var request = new SipMessage();
        SipParser.Parse("INVITE sip:b@c SIP/2.0\r\nv: SIP/2.0/UDP one;branch=z9hG4bK1\r\nf: \"A\r\n\t B\" <sip:a@b>;tag=1\r\nVia: SIP/2.0/UDP two,\r\n SIP/2.0/UDP three\r\nt: <sip:b@c>\r\ni: 1\r\nCSeq: 1\r\n INVITE\r\n\r\n"u8.ToArray(), request);

        _writer.Response(180);
        _writer.CopyAll(request, HeaderId.Via);
        _writer.CopyAll(request, HeaderId.RecordRoute);
        _writer.CopyAll(request, HeaderId.From);
        _writer.CopyAll(request, HeaderId.CSeq);
        _writer.NoBody();

        Assert.Equal(
            "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP one;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP two, SIP/2.0/UDP three\r\nFrom: \"A B\" <sip:a@b>;tag=1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
            Written());
    }

    [Theory]
    [InlineData(200, null, "SIP/2.0 200 OK\r\n")]
    [InlineData(400, "Missing To", "SIP/2.0 400 Missing To\r\n")]
    [InlineData(486, null, "SIP/2.0 486 Busy Here\r\n")]
    [InlineData(499, null, "SIP/2.0 499 Request Failure\r\n")]
    [InlineData(606, null, "SIP/2.0 606 Not Acceptable\r\n")]
    [InlineData(200, "", "SIP/2.0 200 \r\n")]
    public void A_status_line_has_its_phrase(int status, string? reason, string expected)
    {
        _writer.Response(status, reason);

        Assert.Equal(expected, Written());
    }

    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nX-Evil: 1")]
    [InlineData("a\0b")]
    public void Line_ends_and_NUL_never_get_in_by_a_string(string value)
    {
        var error = Assert.Throws<ArgumentException>(() => _writer.Header("X-Customer-ID", value));
        Assert.Contains("X-Customer-ID", error.Message);
        Assert.Contains("Refer-To", Assert.Throws<ArgumentException>(() => _writer.Header(HeaderId.ReferTo, value)).Message);
        Assert.Throws<ArgumentException>(() => _writer.Body(value, default));
        Assert.Throws<ArgumentException>(() => _writer.Response(200, value));
        Assert.Throws<ArgumentException>(() => _writer.Request(SipMethod.Invite, $"sip:{value}"));
        Assert.Throws<ArgumentException>(() => _writer.Request("INVITE"u8, Encoding.UTF8.GetBytes($"sip:{value}")));

        Assert.Equal("", Written());
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Y")]
    [InlineData("X:")]
    [InlineData("Ünicode")]
    [InlineData("X\r\nY")]
    public void A_header_name_must_be_a_token(string name)
    {
        Assert.Throws<ArgumentException>(() => _writer.Header(name, "v"));
        Assert.Throws<ArgumentException>(() => _writer.Request(Encoding.UTF8.GetBytes(name), "sip:a@b"u8));
        Assert.Equal("", Written());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip:a b@c")]
    [InlineData("<sip:a@c>")]
    [InlineData("sip:a@c SIP/2.0")]
    public void A_request_URI_with_spaces_or_brackets_is_refused(string uri) =>
        Assert.Throws<ArgumentException>(() => _writer.Request(SipMethod.Invite, uri));

    [Fact]
    public void Names_that_are_not_there_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _writer.Header(HeaderId.Other, "v"));
        Assert.Throws<ArgumentException>(() => _writer.Request(SipMethod.Other, "sip:a@b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _writer.Response(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => _writer.Response(700));
    }

    [Fact]
    public void Writing_allocates_nothing_once_warm()
    {
        var body = new byte[300];
        Write();
        Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Write();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write()
        {
            _writer.Reset();
            _writer.Response(200);
            _writer.Header(HeaderId.Contact, "<sip:10.0.0.1:5060>");
            _writer.Header(HeaderId.MaxForwards, 70);
            _writer.Header("X-Customer-ID", "42");
            _writer.Body("application/sdp", body);
        }
    }

    private string Written() => SipText.Get(_writer.Written);
}
