using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>What is sent of one stream that is made here, as its reports say it (RFC 3550 §6.4.1). For one thread at a time.</summary>
internal sealed class SentReports
{
    private const int EveryUs = 5_000_000;

    // The first one comes soon, so that the receiver can place the stream in time (§6.2).
    private const int FirstUs = 500_000;

    private uint _packets;
    private uint _octets;
    private uint _timestamp;
    private long _at;
    private long _next;
    private uint _reported;
    private long _expectedBefore;
    private long _lostBefore;

    /// <summary>A packet was sent.</summary>
    public void Count(uint timestamp, int payload, long now)
    {
        if (_packets == 0)
            _next = now + FirstUs;
        _packets++;
        _octets += (uint)payload;
        (_timestamp, _at) = (timestamp, now);
    }

    /// <summary>Writes a report where one is due and something was sent since the last; its length, or 0.</summary>
    /// <param name="buffer">Room for <see cref="RtcpReport.MostBytes"/>.</param>
    /// <param name="ssrc">The stream's sender.</param>
    /// <param name="clockRate">Units of its timestamps per second.</param>
    /// <param name="heard">What came from whom it is sent to; null for nothing.</param>
    /// <param name="now">The relay's clock, µs.</param>
    /// <param name="wall">The time of day.</param>
    public int Next(Span<byte> buffer, uint ssrc, int clockRate, RtpStatistics? heard, long now, DateTimeOffset wall)
    {
        if (_packets == _reported || now < _next)
            return 0;
        _next = now + EveryUs;
        _reported = _packets;
        uint timestamp = _timestamp + (uint)((now - _at) * (clockRate / 1000) / 1000);
        return RtcpReport.Write(buffer, new SenderFacts(ssrc, wall, timestamp, _packets, _octets), heard, FractionOf(heard));
    }

    private byte FractionOf(RtpStatistics? heard)
    {
        if (heard is null)
            return 0;
        long expected = heard.Expected - _expectedBefore;
        long lost = heard.Lost - _lostBefore;
        (_expectedBefore, _lostBefore) = (heard.Expected, heard.Lost);
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, lost * 256 / expected);
    }
}
