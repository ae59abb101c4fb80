using System.Text;
using BenchmarkDotNet.Attributes;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Benchmarks.Micro;

/// <summary>What a received message costs before anybody acts on it. Target: an INVITE of 900 bytes in 1.5 µs, nothing allocated.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private const string Description =
        "v=0\r\no=- 13374 13374 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\n" +
        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

    /// <summary>An INVITE as a carrier's border controller sends it: 14 header fields, about 900 bytes.</summary>
    internal static readonly byte[] Invite = Encoding.UTF8.GetBytes(
        "INVITE sip:+15557654321@10.0.0.1:5060;user=phone SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-524287-1---b2f3c4d5e6f7a8b9\r\n" +
        "Max-Forwards: 70\r\n" +
        "From: \"Alice Example\" <sip:+15551234567@carrier.example.net>;tag=1928301774\r\n" +
        "To: <sip:+15557654321@example.com>\r\n" +
        "Call-ID: a84b4c76e66710-4711@192.0.2.7\r\n" +
        "CSeq: 314159 INVITE\r\n" +
        "Contact: <sip:+15551234567@192.0.2.7:5062;transport=udp>\r\n" +
        "P-Asserted-Identity: <sip:+15551234567@carrier.example.net>\r\n" +
        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, REFER, NOTIFY, UPDATE\r\n" +
        "Supported: timer, replaces\r\n" +
        "Session-Expires: 1800\r\n" +
        "User-Agent: Carrier-SBC/7.2 (build 20260101)\r\n" +
        "Content-Type: application/sdp\r\n" +
        $"Content-Length: {Description.Length}\r\n\r\n" + Description);

    private static readonly byte[] Ringing = Encoding.UTF8.GetBytes(
        "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK0a1b2c3d4e5f;rport=5060;received=10.0.0.1\r\n" +
        "From: <sip:+15551234567@10.0.0.1>;tag=9f8e7d6c\r\nTo: <sip:support@example.com>;tag=as2d3f4g\r\nCall-ID: 01998877@10.0.0.1\r\n" +
        "CSeq: 1 INVITE\r\nContact: <sip:support@192.0.2.9:5060>\r\nContent-Length: 0\r\n\r\n");

    private readonly SipMessage _message = new();
    private readonly StreamFramer _framer = new();

    [Benchmark]
    public SipParseError ParseInvite() => SipParser.Parse(Invite, _message);

    [Benchmark]
    public SipParseError ParseRinging() => SipParser.Parse(Ringing, _message);

    [Benchmark]
    public SipParseError FrameAndParseInvite()
    {
        _framer.Append(Invite);
        _framer.TryRead(out var message);
        return SipParser.Parse(message, _message);
    }
}
