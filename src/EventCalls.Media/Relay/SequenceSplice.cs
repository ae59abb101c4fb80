namespace EventCalls.Media.Relay;

/// <summary>
/// One stream as a peer hears it, of packets that pass and of packets of ours between them, numbered so that neither seems lost (RFC 3550 §5.1). Once something of ours
/// was in it, whoever comes next goes on in it: many receivers drop a new sender whose numbers are lower.
/// </summary>
internal struct SequenceSplice
{
    private bool _any;
    private bool _isInserted;
    private uint _source;
    private ushort _high;
    private ushort _offset;
    private uint _shift;
    private ushort _outHigh;
    private uint _outTimestamp;
    private long _at;
    private int _clockRate;

    /// <summary>Who sends, as the peer hears it.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Units of a timestamp per second.</summary>
    public readonly int ClockRate => _clockRate == 0 ? 8000 : _clockRate;

    /// <summary>Whether what passes has another sender for the peer than its own, so that its reports say nothing there.</summary>
    public readonly bool IsTranslated => _any && Ssrc != _source;

    /// <summary>Whether it was begun here, so that nobody else reports on it.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>The number and timestamp with which a packet goes on.</summary>
    public (ushort Sequence, uint Timestamp) Follow(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        Join(ssrc, sequence, timestamp, clockRate, now);
        var (number, time) = ((ushort)(sequence + _offset), timestamp + _shift);
        if ((short)(sequence - _high) > 0)
            (_high, _outHigh, _outTimestamp, _at) = (sequence, number, time, now);
        return (number, time);
    }

    /// <summary>A packet is left out.</summary>
    public void Suppress(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        Join(ssrc, sequence, timestamp, clockRate, now);
        if ((short)(sequence - _high) is > 0 and var ahead)
            (_high, _offset) = (sequence, (ushort)(_offset - ahead));
    }

    /// <summary>The number of a packet that is put in.</summary>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="at">When that was, of the relay's clock: a digit's is that of its beginning.</param>
    public ushort Insert(uint timestamp, long at)
    {
        (_isInserted, _outTimestamp, _at) = (true, timestamp, at);
        _offset++;
        return ++_outHigh;
    }

    /// <summary>Begins a stream of ours, where nothing has passed yet.</summary>
    public void Open(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        if (_any)
            return;
        Join(ssrc, sequence, timestamp, clockRate, now);
        IsOurs = true;
    }

    /// <summary>The timestamp of something that begins now, behind what was there.</summary>
    public readonly uint TimestampAt(long now) => _outTimestamp + (uint)(Math.Clamp(now - _at, 20_000, 10_000_000) * (ClockRate / 1000) / 1000);

    private void Join(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        if (_any && ssrc == _source)
        {
            _clockRate = clockRate == 0 ? _clockRate : clockRate;
            return;
        }
        bool goesOn = _any && _isInserted && (clockRate == 0 || clockRate == ClockRate);
        (_any, _source, _high) = (true, ssrc, (ushort)(sequence - 1));
        _clockRate = clockRate == 0 ? _clockRate : clockRate;
        if (goesOn)
        {
            (_offset, _shift) = ((ushort)(_outHigh - _high), TimestampAt(now) - timestamp);
            return;
        }
        (Ssrc, _offset, _shift, _isInserted, IsOurs) = (ssrc, 0, 0, false, false);
        (_outHigh, _outTimestamp, _at) = (_high, timestamp, now);
    }
}
