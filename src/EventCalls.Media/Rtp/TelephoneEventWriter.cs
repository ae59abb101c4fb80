using System.Buffers.Binary;

namespace EventCalls.Media.Rtp;

/// <summary>
/// Writes one digit as packets (RFC 4733 §2.5.1): one each 20 ms while it lasts, and its last one three times. Whoever holds it asks every 20 ms and gives
/// the sequence number that is next in the stream; all packets have the timestamp at which the digit began. No clock, no allocation.
/// </summary>
internal sealed class TelephoneEventWriter
{
    /// <summary>How long a packet is, bytes.</summary>
    public const int PacketLength = RtpPacket.HeaderLength + 4;

    private const int EndPackets = 3;
    private const byte Volume = 10;

    private readonly byte _code;
    private readonly int _payloadType;
    private readonly int _tick;
    private readonly int _duration;
    private readonly uint _ssrc;
    private readonly uint _start;
    private int _elapsed;
    private int _ends;

    /// <summary>A digit, or the code of another event, of a length in ms (40–8000; shorter ones are not heard as digits) in a stream.</summary>
    public TelephoneEventWriter(byte code, int milliseconds, int clockRate, int payloadType, uint ssrc, uint timestamp)
    {
        (_code, _payloadType, _ssrc, _start) = (code, payloadType, ssrc, timestamp);
        _tick = clockRate / 50;
        _duration = Math.Min(Math.Clamp(milliseconds, 40, 8000) * (clockRate / 1000), ushort.MaxValue);
    }

    /// <summary>Whether all packets are written.</summary>
    public bool IsDone => _ends == EndPackets;

    /// <summary>How far the stream's timestamp is on when the digit is over: what follows it begins there.</summary>
    public uint Ticks => (uint)Math.Max(_duration, _elapsed);

    /// <summary>Writes the next packet; its length, or 0 when all are written.</summary>
    public int Next(Span<byte> packet, ushort sequence)
    {
        if (IsDone)
            return 0;
        bool first = _elapsed == 0;
        _elapsed = Math.Min(_elapsed + _tick, _duration);
        bool end = _elapsed == _duration;
        if (end)
            _ends++;
        RtpPacket.WriteHeader(packet, _payloadType, first, sequence, _start, _ssrc);
        packet[12] = _code;
        packet[13] = (byte)((end ? 0x80 : 0) | Volume);
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)_elapsed);
        return PacketLength;
    }
}
