using BenchmarkDotNet.Attributes;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Sdp;

namespace EventCalls.Benchmarks.Micro;

/// <summary>What a message costs to write. Target: 700 bytes in well under 1 µs, nothing allocated.</summary>
[MemoryDiagnoser]
public class WriteBenchmarks
{
    private readonly SipMessage _invite = new();
    private readonly SipWriter _writer = new();
    private readonly byte[] _answer = SdpAnswer.Offer("10.0.0.1", 1, 1);

    [GlobalSetup]
    public void Setup() => SipParser.Parse(ParseBenchmarks.Invite, _invite);

    /// <summary>A 200 to an INVITE: what must be copied is copied, 700 bytes.</summary>
    [Benchmark]
    public int WriteAnswer()
    {
        _writer.Reset();
        _writer.Response(200);
        _writer.CopyAll(_invite, HeaderId.Via);
        _writer.CopyAll(_invite, HeaderId.RecordRoute);
        _writer.Header(HeaderId.From, _invite.From);
        _writer.Header(HeaderId.To, _invite.To);
        _writer.Header(HeaderId.CallId, _invite.CallId);
        _writer.CopyAll(_invite, HeaderId.CSeq);
        _writer.Header(HeaderId.Contact, "<sip:10.0.0.1:5060>");
        _writer.Header(HeaderId.Allow, "INVITE, ACK, BYE, CANCEL, OPTIONS, REFER, NOTIFY, UPDATE");
        _writer.Header(HeaderId.Supported, "timer, replaces");
        _writer.Body("application/sdp", _answer);
        return _writer.Written.Length;
    }

    /// <summary>A REFER with headers of the logic's.</summary>
    [Benchmark]
    public int WriteRefer()
    {
        _writer.Reset();
        _writer.Request(SipMethod.Refer, "sip:+15551234567@192.0.2.7:5062;transport=udp");
        _writer.Header(HeaderId.Via, "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK0a1b2c3d4e5f;rport");
        _writer.Header(HeaderId.MaxForwards, 70);
        _writer.Header(HeaderId.From, "<sip:+15557654321@example.com>;tag=9f8e7d6c");
        _writer.Header(HeaderId.To, _invite.From);
        _writer.Header(HeaderId.CallId, _invite.CallId);
        _writer.Header(HeaderId.CSeq, "102 REFER");
        _writer.Header(HeaderId.Contact, "<sip:10.0.0.1:5060>");
        _writer.Header(HeaderId.ReferTo, "<sip:support@example.com>");
        _writer.Header(HeaderId.ReferredBy, "<sip:+15557654321@example.com>");
        _writer.Header("X-Customer-ID", "4711-0815");
        _writer.NoBody();
        return _writer.Written.Length;
    }
}
