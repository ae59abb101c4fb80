namespace EventCalls.Media.Rtp;

/// <summary>
/// What one received stream tells of its way here: RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter). The first packet counts, without
/// probation: the relay has locked onto the source before. For one thread at a time; no allocation, no clock.
/// </summary>
internal sealed class RtpStatistics(int clockRate)
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;

    // A timestamp that jumps by more than this is a new base and says nothing of the way.
    private const int LongestTransit = 2;

    private bool _started;
    private ushort _highest;
    private uint _cycles;
    private uint _base;
    private int _badNext = -1;
    private UInt128 _seen;
    private long _unique;
    private long _expectedBefore;
    private long _uniqueBefore;
    private long _bursts;
    private bool _hasTransit;
    private int _transit;
    private double _jitter;

    /// <summary>Units of a timestamp per second.</summary>
    public int ClockRate { get; } = clockRate;

    /// <summary>Packets received, duplicates among them.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes of payload received.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets that came a second time.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Packets that came after one that was sent later.</summary>
    public long Reordered { get; private set; }

    /// <summary>How often the sender began anew: another SSRC, or a sequence that jumped and stayed there.</summary>
    public int Restarts { get; private set; }

    /// <summary>Single packets with a sequence number far off, which belong nowhere.</summary>
    public long Strays { get; private set; }

    /// <summary>The last SSRC.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>The highest sequence number with its cycles above it, as a receiver report has it (RFC 3550 §6.4.1).</summary>
    public uint ExtendedHighest => _cycles + _highest;

    /// <summary>Packets that should have come, by their sequence numbers.</summary>
    public long Expected => _expectedBefore + ExpectedNow;

    /// <summary>Packets that have not come, or not yet.</summary>
    public long Lost => Math.Max(0, Expected - _uniqueBefore - _unique);

    /// <summary>The share of packets that have not come, 0–1.</summary>
    public double LossRate => Expected == 0 ? 0 : (double)Lost / Expected;

    /// <summary>How many packets are lost in a row, beside how many that would be by pure chance; 1 is chance (BurstR of ITU-T G.107 §7.2).</summary>
    public double BurstRatio => Lost == 0 || _bursts == 0 ? 1 : Math.Max(1, (double)Lost / Math.Min(Lost, _bursts) * (1 - LossRate));

    /// <summary>Interarrival jitter, in units of the timestamp, as a receiver report has it.</summary>
    public uint Jitter => (uint)_jitter;

    /// <summary>Interarrival jitter, ms.</summary>
    public double JitterMilliseconds => _jitter * 1000 / ClockRate;

    private long ExpectedNow => _started ? (long)(_cycles + _highest) - _base + 1 : 0;

    /// <summary>Counts a packet that arrived at a time in µs; <paramref name="timed"/> is false for those whose timestamp is not when they were sent: telephone events, comfort noise.</summary>
    public void Receive(in RtpPacket packet, long arrival, bool timed = true) => Receive(packet.Ssrc, packet.Sequence, packet.Timestamp, packet.Payload.Length, arrival, timed);

    /// <summary>The same of a packet taken apart.</summary>
    public void Receive(uint ssrc, ushort sequence, uint timestamp, int bytes, long arrival, bool timed = true)
    {
        Packets++;
        Bytes += bytes;
        if (!_started || ssrc != Ssrc)
        {
            if (_started)
                Restarts++;
            Ssrc = ssrc;
            Begin(sequence);
        }
        else if (!Take(sequence))
        {
            return;
        }
        if (timed)
            Time(timestamp, arrival);
    }

    /// <summary>How good it sounds, with what the codec does to speech and, when it is known, the delay one way in ms.</summary>
    public VoiceQuality Quality(CodecImpairment codec, double? delay) => VoiceQuality.Of(codec, LossRate, BurstRatio, delay);

    private void Begin(ushort sequence)
    {
        _expectedBefore += ExpectedNow;
        _uniqueBefore += _unique;
        _started = true;
        _base = _highest = sequence;
        _cycles = 0;
        _badNext = -1;
        _seen = UInt128.One;
        _unique = 1;
        _hasTransit = false;
    }

    // Whether the packet tells of time: duplicates, late ones and strays do not.
    private bool Take(ushort sequence)
    {
        ushort delta = (ushort)(sequence - _highest);
        if (delta is > 0 and < MaxDropout)
        {
            if (sequence < _highest)
                _cycles += 0x10000;
            _highest = sequence;
            _seen = delta < 128 ? (_seen << delta) | UInt128.One : UInt128.One;
            if (delta > 1)
                _bursts++;
            _unique++;
            _badNext = -1;
            return true;
        }
        int back = 0x10000 - delta;
        if (delta == 0 || back <= MaxMisorder)
        {
            TakeLate(delta == 0 ? 0 : back);
            return false;
        }
        if (sequence != _badNext)
        {
            _badNext = (ushort)(sequence + 1);
            Strays++;
            return false;
        }
        // Two in a row at the new place: the sender has begun anew, and the first of them was no stray.
        Strays--;
        Restarts++;
        Begin((ushort)(sequence - 1));
        _highest = sequence;
        _cycles = sequence == 0 ? 0x10000u : 0;
        _seen = 3;
        _unique = 2;
        return true;
    }

    private void TakeLate(int back)
    {
        var bit = UInt128.One << back;
        if ((_seen & bit) != UInt128.Zero)
        {
            Duplicates++;
            return;
        }
        _seen |= bit;
        Reordered++;
        // One from before the first that came was sent after all.
        long extended = (long)_cycles + _highest - back;
        if (extended < _base && extended >= 0)
            _base = (uint)extended;
        else if (extended < 0)
            return;
        _unique++;
    }

    private void Time(uint timestamp, long arrival)
    {
        int transit = unchecked((int)((uint)(arrival / 1000 * ClockRate / 1000 + arrival % 1000 * ClockRate / 1_000_000) - timestamp));
        int difference = transit - _transit;
        _transit = transit;
        if (!_hasTransit || difference == int.MinValue || Math.Abs(difference) > LongestTransit * ClockRate)
        {
            _hasTransit = true;
            return;
        }
        _jitter += (Math.Abs(difference) - _jitter) / 16;
    }
}
