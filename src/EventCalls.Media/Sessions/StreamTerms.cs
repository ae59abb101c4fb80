using System.Net;
using EventCalls.Media.Dtls;
using EventCalls.Media.Ice;
using EventCalls.Sip.Messages;

namespace EventCalls.Media.Sessions;

/// <summary>What holds between us and one leg's peer for one stream, whatever the other leg's peer wants.</summary>
internal sealed class StreamTerms(MediaProtection asked)
{
    /// <summary>How it is protected.</summary>
    public StreamKeys Keys { get; } = new(asked);

    /// <summary>Our part of ICE; null where the peer has none.</summary>
    public IceLite? Ice { get; private set; }

    /// <summary>Whether the peer wants RTCP at the port of the RTP (RFC 5761).</summary>
    public bool IsMuxed { get; private set; }

    /// <summary>The peer has described the stream.</summary>
    public void Hear(DescribedStream stream)
    {
        Keys.Hear(stream.IsSecure, stream.HasFeedback, stream.Keys);
        IsMuxed = stream.IsMuxed;
        if (stream.IceUser is not { } peer)
            Ice = null;
        else if (Ice?.Peer != peer)
            Ice = new IceLite(peer);
    }

    /// <summary>Writes its lines.</summary>
    public void Write(SipWriter writer, IPAddress shown, int port, Func<DtlsFingerprint> certificate)
    {
        Keys.Write(writer, certificate);
        if (IsMuxed)
            writer.Raw("a=rtcp-mux\r\n"u8);
        if (Ice is not { } ice)
            return;
        writer.Raw($"a=ice-ufrag:{ice.User}\r\na=ice-pwd:{ice.Password}\r\na=candidate:1 1 udp 2130706431 {shown} {port} typ host\r\n");
        if (!IsMuxed)
            writer.Raw($"a=candidate:1 2 udp 2130706430 {shown} {port + 1} typ host\r\n");
        writer.Raw("a=end-of-candidates\r\n"u8);
    }
}
