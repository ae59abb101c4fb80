namespace EventCalls.Media.Relay;

/// <summary>The numbers of a stream that passes through here, with packets of ours put in between and others left out, so that neither looks like a loss (RFC 3550 §5.1).</summary>
internal struct SequenceSplice
{
    private bool _any;
    private ushort _high;
    private ushort _offset;
    private long _at;
    private int _clockRate;

    /// <summary>Whose packets they are.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>The last timestamp.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>Units of a timestamp per second.</summary>
    public readonly int ClockRate => _clockRate == 0 ? 8000 : _clockRate;

    /// <summary>The number with which a packet goes on.</summary>
    public ushort Follow(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        if (!_any || ssrc != Ssrc)
        {
            _offset = 0;
            Begin(ssrc, sequence, timestamp);
        }
        else if ((short)(sequence - _high) > 0)
        {
            (_high, Timestamp) = (sequence, timestamp);
        }
        (_at, _clockRate) = (now, clockRate);
        return (ushort)(sequence + _offset);
    }

    /// <summary>A packet is left out.</summary>
    public void Suppress(uint ssrc, ushort sequence, uint timestamp, int clockRate, long now)
    {
        if (!_any || ssrc != Ssrc)
        {
            _offset = ushort.MaxValue;
            Begin(ssrc, sequence, timestamp);
        }
        else if ((short)(sequence - _high) is > 0 and var ahead)
        {
            _offset -= (ushort)ahead;
            (_high, Timestamp) = (sequence, timestamp);
        }
        (_at, _clockRate) = (now, clockRate);
    }

    /// <summary>The number of a packet that is put in.</summary>
    public ushort Insert()
    {
        _offset++;
        return (ushort)(_high + _offset);
    }

    /// <summary>Begins a stream of ours, where nothing has passed yet.</summary>
    public void Open(uint ssrc, ushort sequence, uint timestamp)
    {
        if (!_any)
            Begin(ssrc, sequence, timestamp);
    }

    /// <summary>The timestamp of something that begins now, behind what has passed.</summary>
    public readonly uint TimestampAt(long now) => Timestamp + (uint)(Math.Clamp(now - _at, 20_000, 10_000_000) * (ClockRate / 1000) / 1000);

    private void Begin(uint ssrc, ushort sequence, uint timestamp) => (_any, Ssrc, _high, Timestamp) = (true, ssrc, sequence, timestamp);
}
