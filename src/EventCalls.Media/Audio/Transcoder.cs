namespace EventCalls.Media.Audio;

/// <summary>
/// Turns one stream's packets into those of another codec, 20 ms each: G.711 and Opus, either way. Packets that come late are left out, lost ones
/// stay lost: sequence and timestamp of what goes out tell the receiver so, and it conceals them as its codec can. No allocation of its own. For one thread at a time.
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
    private bool _pauses;
    private ushort? _heard;
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

    /// <summary>The codec of what comes.</summary>
    public AudioCodec From => _from;

    /// <summary>The codec of what goes out.</summary>
    public AudioCodec To => _to;

    /// <summary>The timestamp of the next packet.</summary>
    public uint Timestamp => _timestamp;

    /// <summary>Whether the packet that was written last begins again after a pause of its sender (the marker bit, RFC 3551 §4.1).</summary>
    public bool IsAfterPause { get; private set; }

    /// <summary>Takes the payload of the next packet with its timestamp; then <see cref="TryNext"/> gives what is ready.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="sequence">Its sequence number, which tells a pause of its sender from packets that were lost; null where a gap is always a loss.</param>
    public void Accept(ReadOnlySpan<byte> payload, uint timestamp, ushort? sequence = null)
    {
        bool isNext = sequence is { } number && _heard is { } last && (ushort)(number - last) == 1;
        if (_started && !FollowsTo(timestamp, isNext))
            return;
        _heard = sequence ?? _heard;
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

    /// <summary>A packet has its place taken by something else that is sent: it is neither heard nor lost.</summary>
    public void Skip(uint timestamp, ushort sequence)
    {
        if (!_started || (_heard is { } last && (short)(sequence - last) <= 0) || !FollowsTo(timestamp, isNext: true))
            return;
        _heard = sequence;
    }

    /// <summary>A packet of the same sender's that is no audio has come: it is not lost.</summary>
    public void Hear(ushort sequence)
    {
        if (_heard is not { } last || (short)(sequence - last) > 0)
            _heard = sequence;
    }

    /// <summary>Another sender's packets follow: they go on where those before ended.</summary>
    public void Restart()
    {
        _started = false;
        _heard = null;
        _count = 0;
        _decoder.Reset();
    }

    /// <summary>Takes the next sequence number for a packet that is made elsewhere.</summary>
    public ushort TakeSequence() => _sequence++;

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
        Advance(1, isSent: true);
        (IsAfterPause, _pauses) = (_pauses, false);
        return true;
    }

    private bool FollowsTo(uint timestamp, bool isNext)
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
            Advance(frames, isSent: !isNext);
            _expected = timestamp;
            _pauses |= isNext;
        }
        return true;
    }

    private void Advance(int frames, bool isSent)
    {
        if (isSent)
            _sequence += (ushort)frames;
        _timestamp += (uint)(frames * _to.FrameTicks);
    }
}
