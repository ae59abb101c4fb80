namespace EventCalls.Media.Audio;

/// <summary>
/// Turns one stream's packets into those of another codec, 20 ms each: G.711 and Opus, either way. Packets that come late are left out, lost ones
/// stay lost: sequence and timestamp of what goes out tell the receiver so. No allocation of its own. For one thread at a time.
/// </summary>
internal sealed class Transcoder
{
    // Behind a gap longer than this the sender has begun anew; and a packet that far behind is no late one.
    private const int LongestGap = AudioFrame.SampleRate * 10;

    private readonly AudioCodec _from;
    private readonly AudioCodec _to;
    private readonly AudioDecoder _decoder;
    private readonly AudioEncoder _encoder;
    private readonly short[] _samples = new short[AudioFrame.MostSamplesOfAPacket + AudioFrame.Samples];
    private int _count;
    private bool _started;
    private uint _expected;
    private uint _timestamp;
    private ushort _sequence;

    /// <summary>Begins a stream with the sequence number and timestamp that its first packet is to have.</summary>
    public Transcoder(AudioCodec from, AudioCodec to, ushort sequence, uint timestamp)
    {
        (_from, _to) = (from, to);
        (_decoder, _encoder) = (from.NewDecoder(), to.NewEncoder());
        (_sequence, _timestamp) = (sequence, timestamp);
    }

    /// <summary>Packets that came too late, or held no audio of the codec.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes the payload of the next packet with its timestamp; then <see cref="TryNext"/> gives what is ready.</summary>
    public void Accept(ReadOnlySpan<byte> payload, uint timestamp)
    {
        if (_started && !FollowsTo(timestamp))
            return;
        int decoded = _decoder.Decode(payload, _samples.AsSpan(_count));
        if (decoded < 0)
        {
            Dropped++;
            return;
        }
        _started = true;
        _expected = timestamp + (uint)(decoded * _from.TicksPerSample);
        _count += decoded;
    }

    /// <summary>Writes the next payload into a buffer of at least <see cref="AudioFrame.MostPayload"/> bytes; false when there are no 20 ms ready.</summary>
    public bool TryNext(Span<byte> payload, out int length, out ushort sequence, out uint timestamp)
    {
        length = 0;
        (sequence, timestamp) = (_sequence, _timestamp);
        if (_count < AudioFrame.Samples)
            return false;
        length = _encoder.Encode(_samples.AsSpan(0, AudioFrame.Samples), payload);
        _count -= AudioFrame.Samples;
        _samples.AsSpan(AudioFrame.Samples, _count).CopyTo(_samples);
        Advance(1);
        return true;
    }

    private bool FollowsTo(uint timestamp)
    {
        int gap = (int)(timestamp - _expected) / _from.TicksPerSample;
        if (gap is < 0 and > -LongestGap)
        {
            Dropped++;
            return false;
        }
        if (gap > 0)
        {
            // What was left over of a frame stood before the gap, and belongs to it.
            int frames = gap < LongestGap ? (gap + _count + AudioFrame.Samples / 2) / AudioFrame.Samples : 1;
            _count = 0;
            Advance(frames);
        }
        return true;
    }

    private void Advance(int frames)
    {
        _sequence += (ushort)frames;
        _timestamp += (uint)(frames * _to.FrameTicks);
    }
}
