using EventCalls.Media.Audio;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Monitoring;

/// <summary>How loud the peer of a leg has been since somebody last looked. Fed on the relay's thread; any thread may look.</summary>
internal sealed class LevelMeter : StreamTap
{
    private readonly AudioDecoder?[] _decoders = new AudioDecoder?[AudioCodec.All.Count];
    private readonly short[] _samples = new short[AudioFrame.MostSamplesOfAPacket];
    private int _peak;

    /// <inheritdoc />
    public override void Hear(in RtpPacket packet, PayloadFormat? format, long now)
    {
        if (format?.Codec is not { } codec)
            return;
        int index = 0;
        while (AudioCodec.All[index] != codec)
            index++;
        int count = (_decoders[index] ??= codec.NewDecoder()).Decode(packet.Payload, _samples);
        int peak = 0;
        for (int i = 0; i < count; i++)
            peak = Math.Max(peak, Math.Abs((int)_samples[i]));
        // One thread writes; whoever looks at the same moment may see it twice, which nobody notices.
        if (peak > Volatile.Read(ref _peak))
            Volatile.Write(ref _peak, peak);
    }

    /// <summary>The greatest magnitude since the last look, 0–32768; it begins anew.</summary>
    public int Take() => Interlocked.Exchange(ref _peak, 0);
}
