using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Monitoring;

/// <summary>Sends what the peer of one leg says to a stream of another leg, packet for packet, as it came. For the relay's thread.</summary>
internal sealed class StreamCopy(RelayLeg to, int index) : StreamTap
{
    private const int Longest = 2048;

    // What is sent is encrypted where it lies, and the packet is still to go elsewhere.
    private readonly byte[] _buffer = new byte[Longest + RelayStream.Room];

    /// <inheritdoc />
    public override void Hear(in RtpPacket packet, PayloadFormat? format, long now)
    {
        if (packet.Bytes.Length > Longest || to.StreamAt(index) is not { IsHeard: true } stream)
            return;
        packet.Bytes.CopyTo(_buffer);
        stream.SendMade(_buffer, packet.Bytes.Length);
    }
}
