using System.Buffers.Binary;

namespace EventCalls.Media.Rtp;

/// <summary>
/// Reads the events of one stream (RFC 4733 §2.5.2): each is told once, when its end is seen, or when the next one begins, or when nothing more comes of
/// it; however many of its packets are lost, doubled or late. For one thread at a time; no allocation, no clock.
/// </summary>
internal sealed class TelephoneEventReader(int clockRate)
{
    /// <summary>As many events as one packet may end.</summary>
    public const int MostAtOnce = 8;

    // Senders update each 20 to 50 ms: three updates that do not come are the end (§2.5.2.3 leaves the time to the receiver).
    private const long Patience = 200_000;

    // A timestamp this far behind is no late packet but a sender that began anew.
    private const int LongestLate = 5;

    private bool _any;
    private bool _running;
    private uint _ssrc;
    private uint _start;
    private byte _code;
    private long _before;
    private ushort _duration;
    private long _lastArrival;

    /// <summary>Reads a packet of the payload type for events that arrived at a time in µs; writes the events that ended into room for <see cref="MostAtOnce"/> and says how many they are.</summary>
    public int Read(in RtpPacket packet, long arrival, Span<TelephoneEvent> ended)
    {
        int count = 0;
        if (_any && packet.Ssrc != _ssrc)
        {
            End(ended, ref count, false);
            _any = false;
        }
        _ssrc = packet.Ssrc;
        uint start = packet.Timestamp;
        // Events that follow each other may lie in one packet (§2.5.1.5).
        for (var rest = packet.Payload; rest.Length >= 4 && count < MostAtOnce - 1; rest = rest[4..])
        {
            ushort duration = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            Take(rest[0], (rest[1] & 0x80) != 0, duration, start, ended, ref count);
            start += duration;
            _lastArrival = arrival;
        }
        return count;
    }

    /// <summary>Ends the event of which nothing has come for 200 ms; to ask now and then while <see cref="IsRunning"/>, with the time in µs.</summary>
    public bool TryExpire(long now, out TelephoneEvent ended)
    {
        ended = default;
        if (!_running || now - _lastArrival < Patience)
            return false;
        int count = 0;
        End(new Span<TelephoneEvent>(ref ended), ref count, false);
        return true;
    }

    /// <summary>Whether an event has begun and not ended.</summary>
    public bool IsRunning => _running;

    private void Take(byte code, bool end, ushort duration, uint start, Span<TelephoneEvent> ended, ref int count)
    {
        int ahead = (int)(start - _start);
        if (_any && ahead == 0 && code == _code)
        {
            // A packet more of the event; ones that are late have a shorter duration.
            _duration = Math.Max(_duration, duration);
        }
        else if (_any && ahead < 0 && ahead > -LongestLate * clockRate)
        {
            return;
        }
        else if (_running && code == _code && ahead > 0 && ahead == _duration && _duration == ushort.MaxValue)
        {
            // An event longer than a duration can say goes on in another segment (§2.5.1.3).
            _before += _duration;
            (_start, _duration) = (start, duration);
        }
        else
        {
            End(ended, ref count, false);
            (_any, _running, _code, _start, _before, _duration) = (true, true, code, start, 0, duration);
        }
        if (end)
            End(ended, ref count, true);
    }

    private void End(Span<TelephoneEvent> ended, ref int count, bool seen)
    {
        if (!_running)
            return;
        _running = false;
        ended[count++] = new TelephoneEvent(_code, (int)((_before + _duration) * 1000 / clockRate), seen);
    }
}
