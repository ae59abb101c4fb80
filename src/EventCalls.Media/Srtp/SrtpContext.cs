using System.Buffers.Binary;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Srtp;

/// <summary>
/// One direction of one leg: either protects what is sent or takes the protection off what is received, with the one key
/// (RFC 3711). In place, without allocation and without exceptions for what packets hold; for one thread at a time.
/// </summary>
internal sealed class SrtpContext : IDisposable
{
    private const int RtcpHeader = 8;
    private const ulong HighestNumber = (1UL << 48) - 1;
    private const uint HighestRtcpIndex = 0x7fff_ffff;
    private readonly SrtpCipher _cipher;
    private readonly SrtpStreams _rtp = new();
    private readonly SrtpStreams _rtcp = new();

    public SrtpContext(SrtpMasterKey master)
    {
        Suite = master.Suite;
        _cipher = SrtpCipher.For(master);
    }

    /// <summary>What protects.</summary>
    public SrtpSuite Suite { get; }

    /// <summary>How many bytes protection adds to an RTP packet.</summary>
    public int Overhead => _cipher.Overhead;

    /// <summary>How many bytes protection adds to an RTCP packet.</summary>
    public int RtcpOverhead => _cipher.RtcpOverhead;

    /// <summary>
    /// Protects the RTP packet of this length at the buffer's beginning; returns the new length, or one of <see cref="SrtpResult"/>.
    /// A number is never used twice: a sender that begins anew with lower sequence numbers needs another SSRC.
    /// </summary>
    public int Protect(Span<byte> buffer, int length)
    {
        int header = HeaderLength(buffer, length);
        if (header < 0)
            return SrtpResult.Malformed;
        if (buffer.Length < length + _cipher.Overhead)
            return SrtpResult.NoRoom;
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]);
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]);
        ReplayWindow? stream = _rtp.Find(ssrc);
        ulong number = sequence;
        if (stream is not null)
        {
            number = stream.Guess(sequence);
            if (number > HighestNumber)
                return SrtpResult.KeyUsedUp;
            if (!stream.IsFresh(number))
                return SrtpResult.Replayed;
        }
        else if (_rtp.IsFull)
        {
            return SrtpResult.TooManyStreams;
        }
        stream ??= _rtp.Add(ssrc);
        stream.Note(number);
        return _cipher.Protect(buffer, length, header, ssrc, number);
    }

    /// <summary>
    /// Takes the protection off the RTP packet of this length at the buffer's beginning; returns the new length, or one of
    /// <see cref="SrtpResult"/>, the packet then as it was.
    /// </summary>
    public int Unprotect(Span<byte> buffer, int length)
    {
        int header = HeaderLength(buffer, length);
        if (header < 0 || length < header + _cipher.Overhead)
            return SrtpResult.Malformed;
        Span<byte> packet = buffer[..length];
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        ReplayWindow? stream = _rtp.Find(ssrc);
        if (stream is null)
            return UnprotectFirst(packet, header, ssrc, sequence);
        ulong number = stream.Guess(sequence);
        if (number > HighestNumber)
            return SrtpResult.KeyUsedUp;
        if (!stream.IsFresh(number))
            return SrtpResult.Replayed;
        int left = _cipher.Unprotect(packet, header, ssrc, number);
        if (left >= 0)
            stream.Note(number);
        return left;
    }

    /// <summary>Protects the RTCP packet of this length at the buffer's beginning; returns the new length, or one of <see cref="SrtpResult"/>.</summary>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        if (!IsRtcp(buffer, length))
            return SrtpResult.Malformed;
        if (buffer.Length < length + _cipher.RtcpOverhead)
            return SrtpResult.NoRoom;
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        ReplayWindow? stream = _rtcp.Find(ssrc);
        if (stream is null)
        {
            if (_rtcp.IsFull)
                return SrtpResult.TooManyStreams;
            stream = _rtcp.Add(ssrc);
        }
        // The first index is 1: so 0 needs no note of whether it was used.
        if (stream.Highest == HighestRtcpIndex)
            return SrtpResult.KeyUsedUp;
        stream.Note(stream.Highest + 1);
        return _cipher.ProtectRtcp(buffer, length, ssrc, (uint)stream.Highest);
    }

    /// <summary>
    /// Takes the protection off the RTCP packet of this length at the buffer's beginning, encrypted or authenticated alone; returns
    /// the new length, or one of <see cref="SrtpResult"/>, the packet then as it was.
    /// </summary>
    public int UnprotectRtcp(Span<byte> buffer, int length)
    {
        if (!IsRtcp(buffer, length) || length < RtcpHeader + _cipher.RtcpOverhead)
            return SrtpResult.Malformed;
        Span<byte> packet = buffer[..length];
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        uint index = _cipher.RtcpIndex(packet) & ~SrtpCipher.Encrypted;
        ReplayWindow? stream = _rtcp.Find(ssrc);
        if (stream is null ? _rtcp.IsFull : !stream.IsFresh(index))
            return stream is null ? SrtpResult.TooManyStreams : SrtpResult.Replayed;
        int left = _cipher.UnprotectRtcp(packet, ssrc);
        if (left >= 0)
            (stream ?? _rtcp.Add(ssrc)).Note(index);
        return left;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    /// <summary>
    /// A sender nobody heard of. It begins without roll-overs; one whose packets before its first roll-over were all lost, say
    /// because keys were not there yet, has had one already.
    /// </summary>
    private int UnprotectFirst(Span<byte> packet, int header, uint ssrc, ushort sequence)
    {
        if (_rtp.IsFull)
            return SrtpResult.TooManyStreams;
        ulong number = sequence;
        int left = _cipher.Unprotect(packet, header, ssrc, number);
        if (left < 0 && sequence < 0x8000)
        {
            number |= 1 << 16;
            left = _cipher.Unprotect(packet, header, ssrc, number);
        }
        if (left >= 0)
            _rtp.Add(ssrc).Note(number);
        return left;
    }

    /// <summary>Where the payload begins: behind the CSRCs and the header extension, which stay readable; below zero when it is no packet.</summary>
    private static int HeaderLength(ReadOnlySpan<byte> buffer, int length)
    {
        if (length < RtpPacket.HeaderLength || length > buffer.Length || buffer[0] >> 6 != 2)
            return -1;
        int header = RtpPacket.HeaderLength + 4 * (buffer[0] & 0x0f);
        if ((buffer[0] & 0x10) == 0)
            return header <= length ? header : -1;
        if (length < header + 4)
            return -1;
        header += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(buffer[(header + 2)..]);
        return header <= length ? header : -1;
    }

    private static bool IsRtcp(ReadOnlySpan<byte> buffer, int length) =>
        length >= RtcpHeader && length <= buffer.Length && buffer[0] >> 6 == 2;
}
