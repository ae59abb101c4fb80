using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Live;

/// <summary>One party's media session in its own words (RFC 8866). It is agreed on as any other; no media is sent.</summary>
public sealed class SimulatedSession(string name, int id, int port)
{
    private const string G711 = "0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n";
    private const string WithG729 = "8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n";
    private const string WithG722 = "9 0 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n";

    private int _version;

    /// <summary>An offer with one of the sets of codecs that carriers have.</summary>
    public Content Offer(int codecs) => Describe((codecs % 3) switch { 0 => G711, 1 => WithG729, _ => WithG722 });

    /// <summary>Its answer, or a later offer.</summary>
    public Content Describe() => Describe(G711);

    /// <summary>Whether a description lets media flow; a party that is on hold talks to nobody.</summary>
    public static bool IsActive(SipMessage message) => !message.Body.IsEmpty && message.Body.IndexOf("a=inactive"u8) < 0;

    private Content Describe(string codecs) => new(
        "application/sdp",
        Encoding.ASCII.GetBytes(
            $"v=0\r\no={name} {id} {++_version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + $"m=audio {port} RTP/AVP {codecs}a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"));
}
