using System.Text;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Facts;

public sealed class NumbersTests
{
    [Theory]
    [InlineData("From: <sip:+15551234567@a.example>;tag=1", "+15551234567")]
    [InlineData("From: \"A. Person\" <sip:alice@a.example>;tag=1", "alice")]
    [InlineData("From: sip:5551234@a.example;tag=1", "5551234")]
    [InlineData("From: <tel:+1-555-123-4567>;tag=1", "+15551234567")]
    [InlineData("From: <tel:7042;phone-context=example.com>;tag=1", "7042")]
    [InlineData("From: <sip:+1(555)123.4567@a.example;user=phone>;tag=1", "+15551234567")]
    [InlineData("From: <sip:%2B1555%20123@a.example>;tag=1", "+1555123")]
    [InlineData("From: <sip:+1555;phone-context=+49@a.example;user=phone>;tag=1", "+1555")]
    [InlineData("From: <sip:*31%23@a.example>;tag=1", "*31#")]
    [InlineData("From: <sip:jos%C3%A9@a.example>;tag=1", "jos%C3%A9")]
    [InlineData("From: <sip:x%3Fmethod%3DBYE@a.example>;tag=1", "x%3Fmethod%3DBYE")]
    [InlineData("From: <sip:1%3Fx@a.example;user=phone>;tag=1", "1%3Fx")]
    [InlineData("From: <tel:1%3Fx>;tag=1", "1%3Fx")]
    [InlineData("From: <sip:anonymou%73@a.example>;tag=1", "")]
    [InlineData("From: <sip:a.b-c@a.example>;tag=1", "a.b-c")]
    [InlineData("From: <sip:a%0D%0Ab@a.example>;tag=1", "a%0D%0Ab")]
    [InlineData("From: <sip:a%00@a.example>;tag=1", "a%00")]
    [InlineData("From: <sip:50%@a.example>;tag=1", "50%")]
    [InlineData("From: <sip:a.example>;tag=1", "")]
    [InlineData("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1", "")]
    [InlineData("From: <sip:Restricted@a.example>;tag=1", "")]
    [InlineData("From: <sip:x@anonymous.invalid>;tag=1", "")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nP-Asserted-Identity: \"P\" <sip:+1777@a.example>, <tel:+1888>", "+1777")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nP-Asserted-Identity: <sip:a.example>\r\nP-Asserted-Identity: <tel:+1888>", "+1888")]
    [InlineData("From: <sip:anonymous@anonymous.invalid>;tag=1\r\nP-Asserted-Identity: <sip:+1777@a.example>", "+1777")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nP-Asserted-Identity: <sip:+1777@a.example>\r\nPrivacy: id", "")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nPrivacy: critical; ID", "")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nPrivacy: none", "1")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nPrivacy: session\r\nPrivacy: user", "")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nRemote-Party-ID: <sip:+1666@a.example>;party=calling;privacy=off", "+1666")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nRemote-Party-ID: <sip:+1666@a.example>;party=calling;privacy=full", "")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nRemote-Party-ID: <sip:+1666@a.example>;party=called", "1")]
    [InlineData("From: <sip:1@a.example>;tag=1\r\nDiversion: <sip:+1444@a.example>;reason=unconditional", "1")]
    public void The_caller_is_found_by_the_rule(string headers, string number) =>
        Assert.Equal(number, Numbers.Caller(Invite("sip:2@b.example", "<sip:2@b.example>", headers)));

    [Theory]
    [InlineData("sip:+15557654321@b.example", "<sip:9@b.example>", "+15557654321")]
    [InlineData("tel:+1-555-765-4321", "<sip:9@b.example>", "+15557654321")]
    [InlineData("sip:sip%3a0900%40203.0.113.9%3a5070@b.example", "<sip:9@b.example>", "sip%3a0900%40203.0.113.9%3a5070")]
    [InlineData("sip:tel%3A0900@b.example", "<sip:9@b.example>", "tel%3A0900")]
    [InlineData("sip:%62%6fb%2Etwo@b.example", "<sip:9@b.example>", "bob.two")]
    [InlineData("sip:%62ob%40x%3aY%5D@b.example", "<sip:9@b.example>", "bob%40x%3aY%5D")]
    [InlineData("sip:%2562@b.example", "<sip:9@b.example>", "%2562")]
    [InlineData("sip:b.example", "<sip:+1999@b.example>", "+1999")]
    [InlineData("sip:b.example", "\"Sales\" <sip:sales@b.example>", "sales")]
    [InlineData("sip:b.example", "<sip:b.example>", "")]
    public void The_dialled_number_is_the_request_uris_user_else_that_of_To(string uri, string to, string number) =>
        Assert.Equal(number, Numbers.Callee(Invite(uri, to, "From: <sip:1@a.example>;tag=1\r\nDiversion: <sip:+1444@a.example>")));

    private static SipMessage Invite(string uri, string to, string headers)
    {
        var message = new SipMessage();
        var error = SipParser.Parse(
            Encoding.UTF8.GetBytes($"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n{headers}\r\nTo: {to}\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"),
            message);
        Assert.Equal(SipParseError.None, error);
        return message;
    }
}
