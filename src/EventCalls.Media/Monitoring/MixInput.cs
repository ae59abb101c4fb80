using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Monitoring;

/// <summary>One voice of a mix: packets come as the network brings them, and samples are taken out at a steady pace, 60 ms later. For the relay's thread.</summary>
/// <remarks>Places, drift of the sender's clock, losses and other streams of the same leg are the affair of <see cref="ChannelAudio"/>, as in recordings.</remarks>
internal sealed class MixInput : StreamTap
{
    private const int SamplesPerMs = AudioFrame.SampleRate / 1000;
    private const int Delay = 60 * SamplesPerMs;
    private const int MostBehind = Delay + 100 * SamplesPerMs;
    private const int LeastBehind = Delay / 3;

    private readonly ChannelAudio _audio = new();
    private readonly short[] _frame = new short[AudioFrame.Samples];
    private long _begin = -1;
    private long _taken;
    private bool _waits;

    /// <summary>The leg whose peer speaks.</summary>
    public required RelayLeg Leg { get; init; }

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
            TakeOut();
        _waits = arrival - _taken < LeastBehind;
        _audio.Take(
            new RingPacket
            {
                Codec = IndexOf(codec),
                Marker = packet.Marker,
                Sequence = packet.Sequence,
                Timestamp = packet.Timestamp,
                Ssrc = packet.Ssrc,
                Arrival = now,
                Payload = packet.Payload,
            },
            arrival);
    }

    /// <summary>Adds the next 20 ms to what others say.</summary>
    public void AddTo(Span<int> sum)
    {
        if (_begin < 0)
            return;
        if (_waits)
        {
            _waits = false;
            return;
        }
        TakeOut();
        for (int i = 0; i < _frame.Length; i++)
            sum[i] += _frame[i];
    }

    private void TakeOut()
    {
        _audio.Drain(_taken + Delay, all: false);
        _audio.TakeOut(_frame);
        _taken += _frame.Length;
    }

    private static byte IndexOf(AudioCodec codec)
    {
        byte index = 0;
        while (AudioCodec.All[index] != codec)
            index++;
        return index;
    }
}
