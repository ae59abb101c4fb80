using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

/// <summary>Valid messages of RFC 4475 that are long, double, binary or terse.</summary>
public sealed class ValidTortureShapeTests
{
    [Fact]
    [Trait("RFC", "4475 §3.1.1.7")]
    public void Long_values_and_many_Vias_are_understood()
    {
        static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        var caller = Repeat("amazinglylongcallername", 5);
        var vias = new StringBuilder();
        string[] spellings = ["Via:", "v:", "V:", "ViA:", "VIa :", "viA  :", "V  :"];
        for (var i = 33; i >= 1; i--)
            vias.Append($"{spellings[i % spellings.Length]} SIP/2.0/TCP sip{i}.example.com\n");
        var branch = "very" + Repeat("long", 50) + "branchvalue";

        var message = Torture.Accept(
            "INVITE sip:user@example.com SIP/2.0\n" +
            $"To: \"I have a user name of {Repeat("extreme", 10)} proportion\"<sip:user@example.com:6000;unknownparam1=very{Repeat("long", 20)}value;long{Repeat("paramname", 25)}=shortvalue;very{Repeat("long", 25)}ParameterNameWithNoValue>\n" +
            $"F: sip:{caller}@example.net;tag=12{Repeat("982", 50)}424;unknownheaderparam{Repeat("name", 20)}=unknowheaderparam{Repeat("value", 15)};unknownValueless{Repeat("paramname", 10)}\n" +
            $"Call-ID: longreq.one{Repeat("really", 20)}longcallid\n" +
            "CSeq: 3882340 INVITE\n" +
            $"Unknown-{Repeat("Long", 20)}-Name: unknown-{Repeat("long", 20)}-value; unknown-{Repeat("long", 20)}-parameter-name = unknown-{Repeat("long", 20)}-parameter-value\n" +
            vias +
            $"Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch={branch}\n" +
            "Max-Forwards: 70\n" +
            $"Contact: <sip:{caller}@host5.example.net>\n" +
            "Content-Type: application/sdp\nl: 150\n\n{sdp:192.0.2.1}");

        Assert.Equal(34, Torture.Values(message, HeaderId.Via).Count);
        Assert.Equal("sip33.example.com", SipText.Get(message.ViaSentBy));
        Assert.Equal($"12{Repeat("982", 50)}424", SipText.Get(message.FromTag));
        Assert.Equal(caller, SipText.Get(Torture.Uri(Torture.Address(message.From).Uri).User));
        Assert.Equal(6000, Torture.Uri(Torture.Address(message.To).Uri).Port);
        Assert.Equal($"longreq.one{Repeat("really", 20)}longcallid", SipText.Get(message.CallId));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.8")]
    public void A_second_request_in_a_datagram_is_left_out_and_on_a_stream_it_is_the_next_message()
    {
        var bytes = Torture.Bytes("""
            REGISTER sip:example.com SIP/2.0
            To: sip:j.user@example.com
            From: sip:j.user@example.com;tag=43251j3j324
            Max-Forwards: 8
            I: dblreq.0ha0isndaksdj99sdfafnl3lk233412
            Contact: sip:j.user@host.example.com
            CSeq: 8 REGISTER
            Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492
            Content-Length: 0


            INVITE sip:joe@example.com SIP/2.0
            t: sip:joe@example.com
            From: sip:caller@example.net;tag=141334
            Max-Forwards: 8
            Call-ID: dblreq.0ha0isnda977644900765@192.0.2.15
            CSeq: 8 INVITE
            Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw380234
            Content-Type: application/sdp
            Content-Length: 152

            {sdp:192.0.2.15}
            """);
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse(bytes, message));
        Assert.Equal(SipMethod.Register, message.Method);
        Assert.True(message.Body.IsEmpty);

        var framer = new StreamFramer();
        framer.Append(bytes);
        Assert.True(framer.TryRead(out _));
        Assert.True(framer.TryRead(out var second));
        Assert.Equal(SipParseError.None, SipParser.Parse(second, message));
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal(152, message.Body.Length);
        Assert.False(framer.TryRead(out _));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.9")]
    public void A_semicolon_may_stand_in_the_user_part()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0
            To: sip:j_user@example.com
            From: sip:caller@example.org;tag=33242
            Max-Forwards: 3
            Call-ID: semiuri.0ha0isndaksdj
            CSeq: 8 OPTIONS
            Accept: application/sdp, application/pkcs7-mime,
                    multipart/mixed, multipart/signed,
                    message/sip, message/sipfrag
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
            l: 0


            """);

        var uri = Torture.Uri(message.RequestUri);
        Assert.Equal("user;par=u%40example.net", SipText.Get(uri.User));
        Assert.True(uri.Parameters.IsEmpty);
        Assert.Equal(
            ["application/sdp", "application/pkcs7-mime", "multipart/mixed", "multipart/signed", "message/sip", "message/sipfrag"],
            Torture.Values(message, HeaderId.Accept));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.10")]
    public void Any_transport_may_stand_in_Via()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user@example.com SIP/2.0
            To: sip:user@example.com
            From: <sip:caller@example.com>;tag=323
            Max-Forwards: 70
            Call-ID:  transports.kijh4akdnaqjkwendsasfdj
            Accept: application/sdp
            CSeq: 60 OPTIONS
            Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
            Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
            Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
            Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
            Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
            l: 0


            """);

        var transports = new List<string>();
        foreach (var value in message.Values(HeaderId.Via))
        {
            Assert.True(ViaField.TryParse(value, out var via));
            transports.Add(SipText.Get(via.Transport));
        }
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], transports);
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.11")]
    public void A_multipart_body_with_binary_parts_is_kept_as_it_is()
    {
        var head = Torture.Bytes("""
            MESSAGE sip:kumiko@example.org SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport
            Max-Forwards: 70
            Route: <sip:127.0.0.1:5080>
            Contact: <sip:fluffy@127.0.0.1:5070>
            To: <sip:kumiko@example.org>
            From: <sip:fluffy@example.com>;tag=2fb0dcc9
            Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..
            CSeq: 1 MESSAGE
            Content-Transfer-Encoding: binary
            Content-Type: multipart/mixed;boundary=7a9cbec02ceef655
            Date: Sat, 15 Oct 2005 04:44:56 GMT
            Content-Length: 80


            """);
        byte[] body = [.. "--7a9cbec02ceef655\r\nContent-Type: x/y\r\n\r\n"u8, 0, 13, 10, 13, 10, 255, 254, .. "\r\n--7a9cbec02ceef655--\r\n12345678"u8];
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse((byte[])[.. head, .. body], message));

        Assert.Equal(80, body.Length);
        Assert.True(message.Body.SequenceEqual(body));
        Assert.True(message.ViaHasRport);
        Assert.Equal(["Sat, 15 Oct 2005 04:44:56 GMT"], Torture.Values(message, HeaderId.Date));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.12")]
    public void A_reason_phrase_may_be_any_text()
    {
        var message = Torture.Accept("""
            SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое
            Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
            Call-ID: unreason.1234ksdfak3j2erwedfsASdf
            CSeq: 35 INVITE
            From: sip:user@example.com;tag=11141343
            To: sip:user@example.edu;tag=2229
            Content-Length: 154
            Content-Type: application/sdp
            Contact: <sip:user@host198.example.com>

            {sdp:192.0.2.198}
            """);

        Assert.False(message.IsRequest);
        Assert.Equal(200, message.StatusCode);
        Assert.Equal("= 2**3 * 5**2 но сто девяносто девять - простое", SipText.Get(message.ReasonPhrase));
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("INVITE", SipText.Get(message.MethodName));
    }

    [Theory]
    [InlineData("SIP/2.0 100 ")]
    [InlineData("SIP/2.0 100")]
    [Trait("RFC", "4475 §3.1.1.13")]
    public void A_reason_phrase_may_be_empty(string startLine)
    {
        var message = Torture.Accept(startLine + "\n" + """
            Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
            Call-ID: noreason.asndj203insdf99223ndf
            CSeq: 35 INVITE
            From: <sip:user@example.com>;tag=39ansfi3
            To: <sip:user@example.edu>;tag=902jndnke3
            Content-Length: 0
            Contact: <sip:user@host105.example.com>


            """);

        Assert.Equal(100, message.StatusCode);
        Assert.True(message.ReasonPhrase.IsEmpty);
    }
}
