using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>Hears what the peer of one leg says, packet for packet, beside whom the leg is connected to. For the relay's thread.</summary>
internal abstract class StreamTap
{
    /// <summary>Takes a packet of the leg's audio, without its protection; <paramref name="format"/> is null where nobody has said what its payload type is.</summary>
    public abstract void Hear(in RtpPacket packet, PayloadFormat? format, long now);
}
