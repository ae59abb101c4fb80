using System.Buffers.Binary;
using System.Security.Cryptography;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>What leaves a stream towards its peer: packets of whom it is connected to, as they are where the peer takes them so, else renumbered or in another codec; and digits of ours. On the relay's thread.</summary>
internal sealed class RtpOutput(RelayStream stream)
{
    private AcceptedFormats? _accepted;
    private SequenceSplice _splice;
    private TranscodedStream? _transcoded;
    private DigitQueue? _digits;
    private readonly SentReports _reports = new();
    private bool _isMade;
    private uint _playedFrom;
    private uint _playedAt;
    private uint _pressedAt;
    private long _pressedSince;

    /// <summary>Whether it has a sender of ours now, so that nobody else's reports are of it.</summary>
    public bool IsMade => _isMade || _splice.IsTranslated;

    /// <summary>Whether digits of ours are on their way.</summary>
    public bool IsPressing => _digits is { IsBusy: true };

    /// <summary>The peer has said what it takes.</summary>
    public void Accept(AcceptedFormats accepted) => _accepted = accepted;

    /// <summary>Passes a packet on.</summary>
    /// <param name="buffer">It, and behind it room.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="packet">The same taken apart.</param>
    /// <param name="format">What its payload type is; null when nobody has said so.</param>
    /// <param name="now">The relay's clock, µs.</param>
    public void Pass(Span<byte> buffer, int length, in RtpPacket packet, PayloadFormat? format, long now)
    {
        int type = packet.PayloadType;
        if (format is null || _accepted is not { } accepted || !stream.IsAudio)
        {
            Forward(buffer, length, packet, type, format, now);
        }
        else if (format.IsEvents)
        {
            PassEvents(buffer, length, packet, format, accepted, now);
        }
        else if (accepted.Has(type, format) || format.Codec is null)
        {
            // Comfort noise of a stream that is made anew says nothing of that.
            if (!_isMade || format.IsTimed)
                Forward(buffer, length, packet, type, format, now);
        }
        else if (accepted.TypeOf(format) is { } other)
        {
            Forward(buffer, length, packet, other, format, now);
        }
        else if (accepted.Fitting(format.Codec) is var (codec, made))
        {
            if (_transcoded is null || !_transcoded.Is(format.Codec, codec, made))
                _transcoded = new TranscodedStream(format.Codec, codec, made);
            _isMade = true;
            if (_digits is { IsSaying: true })
                _transcoded.Skip(packet);
            else
                _transcoded.Take(packet, stream, now);
        }
        else
        {
            Forward(buffer, length, packet, type, format, now);
        }
    }

    /// <summary>Says a digit to the peer; false when it takes none, or is none.</summary>
    public bool Press(char digit, int milliseconds)
    {
        if (!stream.IsHeard || _accepted is not { HasEvents: true } || TelephoneEvent.CodeOf(digit) is not (>= 0 and var code))
            return false;
        (_digits ??= new DigitQueue()).Add((byte)code, milliseconds);
        return true;
    }

    /// <summary>Sends the next 20 ms of digits, every 20 ms; false where no digit is said.</summary>
    public bool PressOn(Span<byte> buffer, long now)
    {
        if (_digits is not { IsBusy: true } digits)
            return false;
        if (digits.IsDue())
            BeginDigit(digits, now);
        if (!digits.IsSaying)
            return false;
        ushort sequence = _isMade ? _transcoded!.TakeSequence() : _splice.Insert(_pressedAt, _pressedSince);
        SendCounted(buffer, digits.Next(buffer, sequence), now);
        return true;
    }

    /// <summary>Sends a packet that is played, in the stream that the peer hears, where that counts by the same clock; else in one of its own.</summary>
    public void SendPlayed(Span<byte> buffer, int length, Player player, long now)
    {
        uint timestamp = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        bool begins = (buffer[1] & 0x80) != 0;
        if (!_isMade)
            _splice.Open(player.Ssrc, BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]), timestamp - (uint)player.Codec.FrameTicks, player.Codec.ClockRate, now);
        if (begins)
            (_playedFrom, _playedAt) = (timestamp, _isMade ? _transcoded!.Timestamp : _splice.TimestampAt(now));
        if (player.Codec.ClockRate == (_isMade ? _transcoded!.ClockRate : _splice.ClockRate))
        {
            timestamp = _playedAt + timestamp - _playedFrom;
            RtpPacket.WriteHeader(buffer, player.PayloadType, begins, _isMade ? _transcoded!.TakeSequence() : _splice.Insert(timestamp, now), timestamp, _isMade ? _transcoded!.Ssrc : _splice.Ssrc);
        }
        SendCounted(buffer, length, now);
    }

    /// <summary>A packet of the other side's comes while something is played: it is not heard.</summary>
    public void Skip(in RtpPacket packet, PayloadFormat? format, long now)
    {
        if (_isMade)
            _transcoded!.Skip(packet);
        else if (stream.IsAudio)
            _splice.Suppress(packet.Ssrc, packet.Sequence, packet.Timestamp, format?.ClockRate ?? 0, now);
    }

    /// <summary>Reports on what is made, when it is time.</summary>
    public int Report(Span<byte> buffer, RtpStatistics? heard, long now, DateTimeOffset wall)
    {
        if (_isMade && _transcoded is { } made)
            return made.Reports.Next(buffer, made.Ssrc, made.ClockRate, heard, now, wall);
        return _splice.IsOurs || _splice.IsTranslated ? _reports.Next(buffer, _splice.Ssrc, _splice.ClockRate, heard, now, wall) : 0;
    }

    private void SendCounted(Span<byte> buffer, int length, long now)
    {
        (_isMade ? _transcoded!.Reports : _reports).Count(BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]), length - RtpPacket.HeaderLength, now);
        stream.SendMade(buffer, length);
    }

    private void BeginDigit(DigitQueue digits, long now)
    {
        if (!_isMade)
            _splice.Open((uint)RandomNumberGenerator.GetInt32(int.MaxValue), (ushort)RandomNumberGenerator.GetInt32(short.MaxValue), (uint)RandomNumberGenerator.GetInt32(int.MaxValue), 0, now);
        int clock = _isMade ? _transcoded!.ClockRate : _splice.ClockRate;
        if (_accepted?.EventsFor(clock) is not var (type, rate))
        {
            digits.Clear();
            return;
        }
        (_pressedAt, _pressedSince) = (_isMade ? _transcoded!.Timestamp : _splice.TimestampAt(now), now);
        digits.Say(rate, type, _isMade ? _transcoded!.Ssrc : _splice.Ssrc, _pressedAt);
    }

    private void PassEvents(Span<byte> buffer, int length, in RtpPacket packet, PayloadFormat format, AcceptedFormats accepted, long now)
    {
        if (accepted.EventsFor(_isMade ? _transcoded!.ClockRate : format.ClockRate) is not var (type, rate))
        {
            // The peer knows of no digits in its audio: it hears of them another way, if at all.
            if (!_isMade)
                _splice.Suppress(packet.Ssrc, packet.Sequence, packet.Timestamp, 0, now);
            return;
        }
        if (_isMade)
        {
            _transcoded!.TakeEvents(packet, format.ClockRate, (type, rate), stream, now);
            return;
        }
        TranscodedStream.Rescale(buffer.Slice(packet.PayloadStart, packet.Payload.Length), format.ClockRate, rate);
        Forward(buffer, length, packet, type, format, now);
    }

    private void Forward(Span<byte> buffer, int length, in RtpPacket packet, int type, PayloadFormat? format, long now)
    {
        _isMade = false;
        if (stream.IsAudio)
        {
            int clockRate = format?.ClockRate ?? 0;
            if (_digits is { IsSaying: true })
            {
                _splice.Suppress(packet.Ssrc, packet.Sequence, packet.Timestamp, clockRate, now);
                return;
            }
            var (sequence, timestamp) = _splice.Follow(packet.Ssrc, packet.Sequence, packet.Timestamp, clockRate, now);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], sequence);
            BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], _splice.Ssrc);
            _reports.Count(timestamp, packet.Payload.Length, now);
            if (type != packet.PayloadType)
                buffer[1] = (byte)((buffer[1] & 0x80) | type);
        }
        stream.SendMade(buffer, length);
    }
}
