using System.Runtime.CompilerServices;
using EventCalls.Media.Audio;

namespace EventCalls.Media.Recording;

/// <summary>One side's audio around now: packets are decoded into their places, and what is older than the window is taken out. For the recordings' thread.</summary>
internal sealed class ChannelAudio
{
    private const int Length = 8192;

    private readonly short[] _ring = new short[Length];
    private readonly short[] _stretched = new short[AudioFrame.MostSamplesOfAPacket + 2];
    private readonly AudioDecoder?[] _decoders = new AudioDecoder?[AudioCodec.All.Count];
    private readonly ChannelClock _clock = new();
    private OpusQueue? _queue;
    private uint _ssrc;
    private int _codec = -1;
    private long _horizon;

    /// <summary>Packets that came when their place was written already, or a second time.</summary>
    public long Late { get; private set; }

    /// <summary>Packets that were no audio of their codec.</summary>
    public long Undecodable { get; private set; }

    /// <summary>Takes a packet that arrived at a position.</summary>
    public void Take(in RingPacket packet, long arrival)
    {
        var codec = AudioCodec.All[packet.Codec];
        if (packet.Codec != _codec || packet.Ssrc != _ssrc)
        {
            Drain(arrival, all: true);
            _queue?.Restart();
            (_codec, _ssrc) = (packet.Codec, packet.Ssrc);
            (_decoders[_codec] ??= codec.NewDecoder()).Reset();
        }
        if (!_clock.TryPlace(packet, codec.TicksPerSample, arrival, _horizon, out long position, out int stretch))
        {
            Late++;
            return;
        }
        if (codec != AudioCodec.Opus)
        {
            Decode(packet.Payload, position, stretch);
            return;
        }
        _queue ??= new OpusQueue();
        if (!_queue.Add(packet, arrival, position, stretch))
            Late++;
        Drain(arrival, all: false);
    }

    /// <summary>Decodes what has waited long enough for packets before it.</summary>
    public void Drain(long now, bool all)
    {
        while (_queue is not null && _queue.TryTake(now, all, out var payload, out long position, out int stretch))
            Decode(payload, position, stretch);
    }

    /// <summary>Takes out the next samples, as many as there is room for; where nothing came they are silence.</summary>
    public void TakeOut(Span<short> samples)
    {
        int at = (int)(_horizon & (Length - 1));
        int first = Math.Min(samples.Length, Length - at);
        _ring.AsSpan(at, first).CopyTo(samples);
        _ring.AsSpan(at, first).Clear();
        _ring.AsSpan(0, samples.Length - first).CopyTo(samples[first..]);
        _ring.AsSpan(0, samples.Length - first).Clear();
        _horizon += samples.Length;
    }

    // On the stack, which is near: with many channels a buffer of each would not be.
    [SkipLocalsInit]
    private void Decode(ReadOnlySpan<byte> payload, long position, int stretch)
    {
        Span<short> decoded = stackalloc short[AudioFrame.MostSamplesOfAPacket];
        int count = _decoders[_codec]!.Decode(payload, decoded);
        if (count < 0)
        {
            Undecodable++;
            return;
        }
        ReadOnlySpan<short> samples = decoded[..count];
        if (stretch != 0 && count > 8)
            samples = Stretch(samples, count + stretch);
        Place(samples, position);
    }

    private void Place(ReadOnlySpan<short> samples, long position)
    {
        if (position < _horizon)
        {
            samples = samples[(int)Math.Min(samples.Length, _horizon - position)..];
            position = _horizon;
        }
        // Further ahead than the ring is long nothing is placed by the clock.
        if (position + samples.Length > _horizon + Length)
            return;
        int at = (int)(position & (Length - 1));
        int first = Math.Min(samples.Length, Length - at);
        samples[..first].CopyTo(_ring.AsSpan(at));
        samples[first..].CopyTo(_ring);
    }

    // First and last sample stay, those between are interpolated: it goes on from the packet before and into the next one as it would without.
    private ReadOnlySpan<short> Stretch(ReadOnlySpan<short> samples, int length)
    {
        float step = (samples.Length - 1) / (float)(length - 1);
        for (int i = 0; i < length; i++)
        {
            float at = i * step;
            int left = Math.Min((int)at, samples.Length - 2);
            float part = at - left;
            _stretched[i] = (short)MathF.Round(samples[left] + (samples[left + 1] - samples[left]) * part);
        }
        return _stretched.AsSpan(0, length);
    }
}
