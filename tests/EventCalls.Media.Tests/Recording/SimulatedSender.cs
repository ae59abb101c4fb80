using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Recording;

/// <summary>One side of a call that says a tone: its packets and when they arrive, µs, in virtual time.</summary>
internal sealed class SimulatedSender(AudioCodec codec, double frequency, uint ssrc)
{
    private readonly AudioEncoder _encoder = codec.NewEncoder();
    private readonly byte[] _payload = new byte[AudioFrame.MostPayload];
    private double _phase;

    /// <summary>The sequence number of the next packet.</summary>
    public ushort Sequence { get; set; } = (ushort)(ssrc * 7919);

    /// <summary>The timestamp of the next packet.</summary>
    public uint Timestamp { get; set; } = ssrc * 1_000_003_919;

    /// <summary>How much faster its clock is than ours, parts per million.</summary>
    public double Drift { get; init; }

    /// <summary>Whether the tone of each packet begins anew, and is one that ends as it began.</summary>
    public double Amplitude { get; init; } = 8000;

    /// <summary>The packets of so many frames; the first one arrives at a time in ms.</summary>
    public IEnumerable<(long Arrival, byte[] Packet)> Send(double from, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            // Its samples are at its own rate, and so is when it sends them.
            var samples = Tone.Sine(frequency, AudioFrame.Samples, Amplitude, from: _phase);
            _phase += AudioFrame.Samples;
            var packet = new byte[RtpPacket.HeaderLength + _encoder.Encode(samples, _payload)];
            RtpPacket.WriteHeader(packet, codec.PayloadType, i == 0, Sequence++, Timestamp, ssrc);
            Timestamp += (uint)codec.FrameTicks;
            _payload.AsSpan(0, packet.Length - RtpPacket.HeaderLength).CopyTo(packet.AsSpan(RtpPacket.HeaderLength));
            yield return ((long)(from * 1000 + i * 20_000 / (1 + Drift / 1e6)), packet);
        }
    }
}
