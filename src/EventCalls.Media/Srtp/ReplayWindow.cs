namespace EventCalls.Media.Srtp;

/// <summary>Which packets of one sender were seen: the highest number, and each of the 128 up to it (RFC 3711 §3.3.2).</summary>
internal sealed class ReplayWindow
{
    /// <summary>How many numbers back a packet is still taken.</summary>
    public const int Width = 128;

    // Bit n: the packet n before the highest was seen.
    private UInt128 _seen;

    /// <summary>The highest number seen: roll-over counter and sequence number for RTP (48 bits), the index for RTCP (31 bits).</summary>
    public ulong Highest { get; private set; }

    /// <summary>The number that a sequence number stands for: the nearest to the highest seen (RFC 3711 §3.3.1).</summary>
    public ulong Guess(ushort sequence)
    {
        ulong rollovers = Highest >> 16;
        int difference = sequence - (ushort)Highest;
        if (difference < -0x8000)
            rollovers++;
        else if (difference > 0x8000 && rollovers > 0)
            rollovers--;
        return rollovers << 16 | sequence;
    }

    /// <summary>Whether the number is neither seen nor too old.</summary>
    public bool IsFresh(ulong number)
    {
        if (number > Highest)
            return true;
        ulong back = Highest - number;
        return back < Width && (_seen >> (int)back & 1) == 0;
    }

    /// <summary>Notes a fresh number as seen.</summary>
    public void Note(ulong number)
    {
        if (number > Highest)
        {
            ulong ahead = number - Highest;
            _seen = ahead < Width ? _seen << (int)ahead | 1 : 1;
            Highest = number;
        }
        else
        {
            _seen |= UInt128.One << (int)(Highest - number);
        }
    }
}
