using System.Text;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Facts;

public sealed class ReceivedHeadersTests
{
    private const string Rest = "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf: <sip:1@a>;tag=1\r\nTo: <sip:2@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n";

    [Fact]
    public void All_headers_are_kept_in_order_repeated_unfolded_and_as_spelled()
    {
        var headers = Copy(Invite("X-A: 1\r\nx-a:  2\r\nX-A: three\r\n  lines\r\n\t long\r\nX-Empty:\r\n"));
        Assert.Equal(
            [
                new HeaderLine("Via", "SIP/2.0/UDP a;branch=z9hG4bK1"),
                new HeaderLine("f", "<sip:1@a>;tag=1"),
                new HeaderLine("To", "<sip:2@b>"),
                new HeaderLine("Call-ID", "c"),
                new HeaderLine("CSeq", "1 INVITE"),
                new HeaderLine("X-A", "1"),
                new HeaderLine("x-a", "2"),
                new HeaderLine("X-A", "three lines long"),
                new HeaderLine("X-Empty", ""),
            ],
            headers);
    }

    [Theory]
    [InlineData(
        "Digest username=\"me, \\\"you\\\"\", realm=\"r\", nonce=\"n,1\", uri=\"sip:b\", response=\"abc\", cnonce=\"x\", qop=auth, nc=00000001",
        "Digest username=\"me, \\\"you\\\"\",realm=\"r\",nonce=\"redacted\",uri=\"sip:b\",response=\"redacted\",cnonce=\"redacted\",qop=auth,nc=00000001")]
    [InlineData("digest RESPONSE=abc", "digest RESPONSE=\"redacted\"")]
    [InlineData("Basic bWU6c2VjcmV0", "Basic redacted")]
    [InlineData("bWU6c2VjcmV0", "redacted")]
    [InlineData("Digest c2VjcmV0", "Digest redacted")]
    [InlineData("Digest c2VjcmV0==", "Digest redacted")]
    public void Credentials_are_redacted_and_the_rest_of_them_stays_readable(string value, string kept) =>
        Assert.Equal(kept, Copy(Invite($"Proxy-Authorization: {value}\r\n"))[^1].Value);

    [Fact]
    public void Media_keys_are_redacted_in_the_offer()
    {
        var invite = Invite("Content-Type: application/sdp\r\n", "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20\r\na=crypto:2 X inline:b3RoZXI=\r\na=sendrecv\r\n");
        Assert.Equal(
            "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:redacted|2^20\r\na=crypto:2 X inline:redacted\r\na=sendrecv\r\n",
            ReceivedHeaders.SessionDescription(invite));
    }

    [Fact]
    public void Without_an_offer_there_is_none() => Assert.Null(ReceivedHeaders.SessionDescription(Invite("")));

    private static SipMessage Invite(string headers, string body = "")
    {
        var message = new SipMessage();
        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes($"INVITE sip:2@b SIP/2.0\r\n{Rest}{headers}\r\n{body}"), message));
        return message;
    }

    private static HeaderLine[] Copy(SipMessage message) => ReceivedHeaders.Copy(message, static (name, value) => new HeaderLine(name, value));
}
