using System.Buffers.Binary;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Recording;

/// <summary>Packets on their way from the relay's thread, which writes, to the recordings' thread, which reads: one of each. Neither waits, and nothing is allocated.</summary>
internal sealed class PacketRing
{
    private const int HeaderLength = 24;
    private const int Skip = -1;

    private readonly byte[] _bytes;
    private long _written;
    private long _read;

    /// <summary>A ring of so many bytes, a power of two.</summary>
    public PacketRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity & (capacity - 1), 0);
        _bytes = new byte[capacity];
    }

    /// <summary>Copies a packet with its codec and when it arrived; false when there is no room. For the writer.</summary>
    public bool TryWrite(in RtpPacket packet, byte codec, long arrival)
    {
        int size = (HeaderLength + packet.Payload.Length + 7) & ~7;
        long written = _written;
        int at = (int)(written & (_bytes.Length - 1));
        int untilEnd = _bytes.Length - at;
        // A packet lies in one piece.
        int skipped = size > untilEnd ? untilEnd : 0;
        if (written + skipped + size - Volatile.Read(ref _read) > _bytes.Length)
            return false;
        if (skipped > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), Skip);
            at = 0;
        }
        var to = _bytes.AsSpan(at, size);
        BinaryPrimitives.WriteInt32LittleEndian(to, packet.Payload.Length);
        to[4] = codec;
        to[5] = packet.Marker ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], packet.Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], packet.Timestamp);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], packet.Ssrc);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], arrival);
        packet.Payload.CopyTo(to[HeaderLength..]);
        Volatile.Write(ref _written, written + skipped + size);
        return true;
    }

    /// <summary>The oldest packet, where it lies until <see cref="Pop"/>; false when there is none. For the reader.</summary>
    public bool TryPeek(out RingPacket packet)
    {
        packet = default;
        if (_read == Volatile.Read(ref _written))
            return false;
        int at = (int)(_read & (_bytes.Length - 1));
        if (BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at)) == Skip)
        {
            Volatile.Write(ref _read, _read + _bytes.Length - at);
            at = 0;
        }
        ReadOnlySpan<byte> from = _bytes.AsSpan(at);
        packet = new RingPacket
        {
            Codec = from[4],
            Marker = from[5] != 0,
            Sequence = BinaryPrimitives.ReadUInt16LittleEndian(from[6..]),
            Timestamp = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
            Ssrc = BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
            Arrival = BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            Payload = from.Slice(HeaderLength, BinaryPrimitives.ReadInt32LittleEndian(from)),
        };
        return true;
    }

    /// <summary>Gives the room of the packet that was read back to the writer. For the reader.</summary>
    public void Pop()
    {
        int at = (int)(_read & (_bytes.Length - 1));
        int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
        Volatile.Write(ref _read, _read + ((HeaderLength + length + 7) & ~7));
    }
}
