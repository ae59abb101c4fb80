using System.Runtime.CompilerServices;
using EventCalls.Media.Audio;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Monitoring;

/// <summary>How loud the peer of a leg has been since somebody last looked. Fed on the relay's thread; any thread may look.</summary>
internal sealed class LevelMeter : StreamTap
{
    private readonly AudioDecoder?[] _decoders = new AudioDecoder?[AudioCodec.All.Count];
    private int _peak;

    /// <inheritdoc />
    [SkipLocalsInit]
    public override void Hear(in RtpPacket packet, PayloadFormat? format, long now)
    {
        if (format?.Codec is not { } codec)
            return;
        Span<short> samples = stackalloc short[AudioFrame.MostSamplesOfAPacket];
        int count = (_decoders[AudioCodec.PlaceOf(codec)] ??= codec.NewDecoder()).Decode(packet.Payload, samples);
        int peak = Samples.Peak(samples[..Math.Max(0, count)]);
        // One thread writes; whoever looks at the same moment may see it twice, which nobody notices.
        if (peak > Volatile.Read(ref _peak))
            Volatile.Write(ref _peak, peak);
    }

    /// <summary>The greatest magnitude since the last look, 0–32768; it begins anew.</summary>
    public int Take() => Interlocked.Exchange(ref _peak, 0);
}
