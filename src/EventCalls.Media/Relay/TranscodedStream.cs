using System.Buffers.Binary;
using System.Security.Cryptography;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>What one party hears of another one in a codec of its own: a stream that is made here, with a sender, numbers and a clock of its own. On the relay's thread.</summary>
internal sealed class TranscodedStream(AudioCodec from, AudioCodec to, int payloadType)
{
    private readonly Transcoder _transcoder = new(from, to, (ushort)RandomNumberGenerator.GetInt32(short.MaxValue), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
    private readonly byte[] _packet = new byte[Player.MostBytes + RelayStream.Room];
    private bool _any;
    private bool _marks = true;
    private uint _source;
    private uint? _eventHeard;
    private uint _eventBegan;

    /// <summary>Who sends.</summary>
    public uint Ssrc { get; } = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>What has been sent.</summary>
    public SentReports Reports { get; } = new();

    /// <summary>Units of its timestamps per second.</summary>
    public int ClockRate => to.ClockRate;

    /// <summary>Whether it makes this of that, by that number.</summary>
    public bool Is(AudioCodec source, AudioCodec made, int type) => from == source && to == made && payloadType == type;

    /// <summary>Takes a packet of audio and sends what comes of it.</summary>
    public void Take(in RtpPacket packet, RelayStream stream, long now)
    {
        Follow(packet.Ssrc);
        _transcoder.Accept(packet.Payload, packet.Timestamp, packet.Sequence);
        while (_transcoder.TryNext(_packet.AsSpan(RtpPacket.HeaderLength), out int length, out ushort sequence, out uint timestamp))
        {
            RtpPacket.WriteHeader(_packet, payloadType, _marks || _transcoder.IsAfterPause, sequence, timestamp, Ssrc);
            _marks = false;
            Send(stream, RtpPacket.HeaderLength + length, timestamp, now);
        }
    }

    /// <summary>A packet has its place taken by a digit of ours.</summary>
    public void Skip(in RtpPacket packet)
    {
        Follow(packet.Ssrc);
        _transcoder.Skip(packet.Timestamp, packet.Sequence);
    }

    /// <summary>Sends a packet of digits on, by the clock of this stream (RFC 4733 §2.1).</summary>
    public void TakeEvents(in RtpPacket packet, int eventsRate, (int Type, int ClockRate) wanted, RelayStream stream, long now)
    {
        Follow(packet.Ssrc);
        if (packet.Payload.Length is 0 or > 400)
            return;
        if (_eventHeard != packet.Timestamp)
            (_eventHeard, _eventBegan) = (packet.Timestamp, _transcoder.Timestamp);
        var payload = _packet.AsSpan(RtpPacket.HeaderLength, packet.Payload.Length);
        packet.Payload.CopyTo(payload);
        Rescale(payload, eventsRate, wanted.ClockRate);
        RtpPacket.WriteHeader(_packet, wanted.Type, packet.Marker, _transcoder.TakeSequence(), _eventBegan, Ssrc);
        _marks = true;
        Send(stream, RtpPacket.HeaderLength + packet.Payload.Length, _eventBegan, now);
        _transcoder.Hear(packet.Sequence);
    }

    /// <summary>The next sequence number, for a digit of ours.</summary>
    public ushort TakeSequence()
    {
        _marks = true;
        return _transcoder.TakeSequence();
    }

    /// <summary>The timestamp of a digit of ours that begins now.</summary>
    public uint Timestamp => _transcoder.Timestamp;

    /// <summary>Has durations count by another clock.</summary>
    public static void Rescale(Span<byte> payload, int from, int to)
    {
        if (from == to)
            return;
        for (; payload.Length >= 4; payload = payload[4..])
        {
            long duration = (long)BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) * to / from;
            BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)Math.Min(duration, ushort.MaxValue));
        }
    }

    private void Follow(uint ssrc)
    {
        if (_any && ssrc != _source)
            _transcoder.Restart();
        (_any, _source) = (true, ssrc);
    }

    private void Send(RelayStream stream, int length, uint timestamp, long now)
    {
        Reports.Count(timestamp, length - RtpPacket.HeaderLength, now);
        stream.SendMade(_packet, length);
    }
}
