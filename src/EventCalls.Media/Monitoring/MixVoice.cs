using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Monitoring;

/// <summary>A voice for all mixes that it is in: packets come as the network brings them and are decoded once, and frames are taken out at a steady pace, 60 ms later. For the relay's thread.</summary>
/// <remarks>Places, drift of the sender's clock, losses and other streams of the same leg are the affair of <see cref="ChannelAudio"/>, as in recordings.</remarks>
internal sealed class MixVoice : StreamTap
{
    private const int SamplesPerMs = AudioFrame.SampleRate / 1000;
    private const int Delay = 60 * SamplesPerMs;
    private const int MostBehind = Delay + 100 * SamplesPerMs;
    private const int LeastBehind = Delay / 3;

    private readonly ChannelAudio _audio = new();

    // Mixes are made in turns within 20 ms, so one may still want the frame before the one that another has taken out.
    private readonly short[][] _frames = [new short[AudioFrame.Samples], new short[AudioFrame.Samples]];
    private long _begin = -1;
    private long _taken;
    private long _frame;
    private int _mixes;
    private bool _waits;

    /// <summary>The voice of a leg, for one more mix, and behind which of its frames that begins: the one that others hear now.</summary>
    public static MixVoice Join(RelayLeg leg, out long frame)
    {
        if (Of(leg) is not { } voice)
            leg.Add(voice = new MixVoice());
        voice._mixes++;
        frame = Math.Max(0, voice._frame - 1);
        return voice;
    }

    /// <summary>One mix less hears it.</summary>
    public void Leave(RelayLeg leg)
    {
        if (--_mixes == 0)
            leg.Remove(this);
    }

    /// <inheritdoc />
    public override void Hear(in RtpPacket packet, PayloadFormat? format, long now)
    {
        if (format?.Codec is not { } codec)
            return;
        if (_begin < 0)
            _begin = now;
        long arrival = Delay + (now - _begin) * SamplesPerMs / 1000;
        // Who takes out has been held up, and what is old by now is left out; or has run ahead, and waits a frame.
        while (arrival - _taken > MostBehind)
            TakeOut(_frames[(_frame + 1) % _frames.Length]);
        _waits = arrival - _taken < LeastBehind;
        _audio.Take(
            new RingPacket
            {
                Codec = AudioCodec.PlaceOf(codec),
                Marker = packet.Marker,
                Sequence = packet.Sequence,
                Timestamp = packet.Timestamp,
                Ssrc = packet.Ssrc,
                Arrival = now,
                Payload = packet.Payload,
            },
            arrival);
    }

    /// <summary>The next 20 ms for a mix that has heard all before, or as much of that as there still is; nothing as long as no packet has come.</summary>
    /// <param name="frame">The last one that it has heard; the next one.</param>
    public ReadOnlySpan<short> Next(ref long frame)
    {
        if (_begin < 0)
            return [];
        if (frame >= _frame)
            Give(_frames[++_frame % _frames.Length]);
        frame = Math.Max(frame + 1, _frame - _frames.Length + 1);
        return _frames[frame % _frames.Length];
    }

    private void Give(Span<short> frame)
    {
        if (_waits)
            frame.Clear();
        else
            TakeOut(frame);
        _waits = false;
    }

    private void TakeOut(Span<short> frame)
    {
        _audio.Drain(_taken + Delay, all: false);
        _audio.TakeOut(frame);
        _taken += frame.Length;
    }

    private static MixVoice? Of(RelayLeg leg)
    {
        foreach (var tap in leg.Taps)
        {
            if (tap is MixVoice voice)
                return voice;
        }
        return null;
    }
}
