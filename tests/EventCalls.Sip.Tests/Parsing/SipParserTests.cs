using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class SipParserTests
{
    private const string Invite =
        "INVITE sip:+15557654321@10.0.0.1:5060;user=phone SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-524287-1, SIP/2.0/TCP first.example.com;branch=z9hG4bKfirst\r\n" +
        "v: SIP/2.0/UDP 192.0.2.9\r\n" +
        "Max-Forwards: 0068\r\n" +
        "From: \"Bell, \\\"A\\\"; tag=no\" <sip:+15551234567@carrier.example.net;tag=no>;tag=abc\r\n" +
        "To: sip:+15557654321@example.com;tag=xyz\r\n" +
        "i: 1-4711@192.0.2.7\r\n" +
        "CSeq: 0007 INVITE\r\n" +
        "Contact: <sip:a@192.0.2.7:5062>\r\n" +
        "X-Customer-ID: 42\r\n" +
        "Content-Type: application/sdp\r\n" +
        "Content-Length: 4\r\n" +
        "\r\n" +
        "v=0\n trailing";

    [Fact]
    public void The_parts_of_an_INVITE_are_found()
    {
        var message = Parse(Invite, SipParseError.None);

        Assert.True(message.IsRequest);
        Assert.True(message.CanRespond);
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("INVITE", SipText.Get(message.MethodName));
        Assert.Equal("sip:+15557654321@10.0.0.1:5060;user=phone", SipText.Get(message.RequestUri));
        Assert.Equal("SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-524287-1", SipText.Get(message.TopVia));
        Assert.Equal("z9hG4bK-524287-1", SipText.Get(message.ViaBranch));
        Assert.Equal("192.0.2.7:5062", SipText.Get(message.ViaSentBy));
        Assert.True(message.ViaHasRport);
        Assert.Equal(68, message.MaxForwards);
        Assert.Equal("abc", SipText.Get(message.FromTag));
        Assert.Equal("xyz", SipText.Get(message.ToTag));
        Assert.Equal("1-4711@192.0.2.7", SipText.Get(message.CallId));
        Assert.Equal(7u, message.CSeqNumber);
        Assert.Equal(SipMethod.Invite, message.CSeqMethod);
        Assert.Equal("application/sdp", SipText.Get(message.ContentType));
        Assert.Equal("42", SipText.Get(message.Header("x-customer-id"u8)));
        Assert.Equal("1-4711@192.0.2.7", SipText.Get(message.Header("Call-ID"u8)));
    }

    [Fact]
    public void Bytes_after_Content_Length_are_left_out()
    {
        var message = Parse(Invite, SipParseError.None);

        Assert.Equal("v=0\n", SipText.Get(message.Body));
        Assert.EndsWith("v=0\n", SipText.Get(message.Raw), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_goes_over_repeated_fields_and_list_elements()
    {
        var message = Parse(Invite, SipParseError.None);

        var values = new List<string>();
        foreach (var value in message.Values(HeaderId.Via))
            values.Add(SipText.Get(value));

        Assert.Equal(
            ["SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-524287-1", "SIP/2.0/TCP first.example.com;branch=z9hG4bKfirst", "SIP/2.0/UDP 192.0.2.9"],
            values);
    }

    [Fact]
    public void A_clone_outlives_the_buffer()
    {
        var buffer = Encoding.UTF8.GetBytes(Invite);
        var message = new SipMessage();
        SipParser.Parse(buffer, message);

        var clone = message.Clone();
        buffer.AsSpan().Clear();
        message.Reset(default);

        Assert.Equal("abc", SipText.Get(clone.FromTag));
        Assert.Equal("42", SipText.Get(clone.Header("X-Customer-ID"u8)));
        Assert.Equal(11, clone.HeaderCount);
    }

    [Fact]
    public void A_clone_may_be_parsed_into_again()
    {
        var message = new SipMessage();
        SipParser.Parse("OPTIONS sip:h SIP/2.0\r\n\r\n"u8.ToArray(), message);
        var clone = message.Clone();

        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes(Invite), clone));
        Assert.Equal("abc", SipText.Get(clone.FromTag));
        Assert.Equal(0, message.HeaderCount);
    }

    private static SipMessage Parse(string text, SipParseError expected)
    {
        var message = new SipMessage();
        Assert.Equal(expected, SipParser.Parse(Encoding.UTF8.GetBytes(text), message));
        return message;
    }
}
