using System.Net;
using System.Text;

namespace EventCalls.Testing;

/// <summary>SIP messages between named places, as packets of a capture: what a test says was on the wire.</summary>
public sealed class WireCall(CaptureBytes capture, int linkType = 1)
{
    /// <summary>The trunk that calls in.</summary>
    public static IPEndPoint Carrier { get; } = IPEndPoint.Parse("192.0.2.1:5060");

    /// <summary>The switch whose calls they are.</summary>
    public static IPEndPoint Us { get; } = IPEndPoint.Parse("192.0.2.10:5060");

    /// <summary>Where transfers go.</summary>
    public static IPEndPoint Target { get; } = IPEndPoint.Parse("198.51.100.7:5060");

    private double _now;

    /// <summary>The capture.</summary>
    public byte[] Bytes => capture.Bytes;

    /// <summary>Lets time pass, seconds.</summary>
    public WireCall After(double seconds)
    {
        _now += seconds;
        return this;
    }

    /// <summary>A request.</summary>
    public WireCall Request(
        IPEndPoint from, IPEndPoint to, string method, string callId = "a@carrier", string branch = "1", string caller = "+15551234567", string callee = "+15557654321",
        string fromTag = "ft", string toTag = "", int cseq = 1, string more = "", string body = "", string? uri = null)
    {
        string tag = toTag.Length > 0 ? $";tag={toTag}" : "";
        return Send(from, to, $"{method} {uri ?? $"sip:{callee}@{HostOf(to)}"} SIP/2.0\r\n", method, callId, branch, caller, callee, fromTag, tag, cseq, more, body);
    }

    /// <summary>A response to a request that went the other way.</summary>
    public WireCall Response(
        IPEndPoint from, IPEndPoint to, string status, string method = "INVITE", string callId = "a@carrier", string branch = "1", string caller = "+15551234567",
        string callee = "+15557654321", string fromTag = "ft", string toTag = "tt", int cseq = 1, string more = "", string body = "")
    {
        string tag = toTag.Length > 0 ? $";tag={toTag}" : "";
        return Send(from, to, $"SIP/2.0 {status}\r\n", method, callId, branch, caller, callee, fromTag, tag, cseq, more, body);
    }

    /// <summary>Adds bytes as a UDP datagram.</summary>
    public WireCall Datagram(IPEndPoint from, IPEndPoint to, byte[] payload)
    {
        capture.Packet(Frames.Link(linkType, Frames.Ip(from.Address, to.Address, 17, Frames.Udp(from.Port, to.Port, payload))), _now);
        _now += 0.01;
        return this;
    }

    /// <summary>A whole call that nobody but the caller and us is part of, of a second.</summary>
    public WireCall Simple(string callId = "a@carrier", string caller = "+15551234567") => this
        .Request(Carrier, Us, "INVITE", callId, caller: caller)
        .Response(Us, Carrier, "200 OK", callId: callId, caller: caller)
        .Request(Carrier, Us, "ACK", callId, caller: caller, toTag: "tt")
        .After(1)
        .Request(Carrier, Us, "BYE", callId, branch: "9", caller: caller, toTag: "tt", cseq: 2);

    private static string HostOf(IPEndPoint endPoint) => endPoint.ToString()[..endPoint.ToString().LastIndexOf(':')];

    private WireCall Send(
        IPEndPoint from, IPEndPoint to, string start, string method, string callId, string branch, string caller, string callee, string fromTag, string toTag, int cseq, string more, string body) =>
        Datagram(from, to, Encoding.UTF8.GetBytes(
            $"{start}Via: SIP/2.0/UDP host;branch=z9hG4bK{callId}{branch}\r\nFrom: <sip:{caller}@example.com>;tag={fromTag}\r\nTo: <sip:{callee}@example.com>{toTag}\r\n"
            + $"Call-ID: {callId}\r\nCSeq: {cseq} {method}\r\n{more}{(body.StartsWith("v=0", StringComparison.Ordinal) ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}"));
}
