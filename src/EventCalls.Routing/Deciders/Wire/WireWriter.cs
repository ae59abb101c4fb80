using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Writes values one after the other into a buffer that grows: what two processes of the same build say to each other.</summary>
internal sealed class WireWriter
{
    private byte[] _bytes = new byte[32 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        // One large state must not be kept for ever.
        if (_bytes.Length > 4 << 20)
            _bytes = new byte[32 * 1024];
    }

    /// <summary>Begins a message; its length is filled in by <see cref="EndMessage"/>.</summary>
    public int BeginMessage(MessageKind kind)
    {
        int start = Length;
        Space(5);
        Length += 4;
        _bytes[Length++] = (byte)kind;
        return start;
    }

    public void EndMessage(int start) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), Length - start - 4);

    /// <summary>Begins a part whose length stands before it.</summary>
    public int BeginPart()
    {
        int start = Length;
        Space(4);
        Length += 4;
        return start;
    }

    public void EndPart(int start) => EndMessage(start);

    /// <summary>Takes back what was written behind a length.</summary>
    public void Truncate(int length) => Length = length;

    public void Byte(byte value)
    {
        Space(1);
        _bytes[Length++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A number of 0 or more, seven bits a byte.</summary>
    public void UInt(ulong value)
    {
        Space(10);
        if (value < 0x80)
        {
            _bytes[Length++] = (byte)value;
            return;
        }

        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    public void Count(int value) => UInt((uint)value);

    /// <summary>A number of either sign; small ones take little room.</summary>
    public void Int(long value) => UInt((ulong)((value << 1) ^ (value >> 63)));

    public void OptionalInt(long? value)
    {
        Bool(value is not null);
        if (value is { } given)
            Int(given);
    }

    public void Guid(Guid value)
    {
        Space(16);
        value.TryWriteBytes(_bytes.AsSpan(Length));
        Length += 16;
    }

    public void Time(DateTimeOffset value)
    {
        Space(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(Length), value.Ticks);
        Length += 8;
        Int(value.TotalOffsetMinutes);
    }

    /// <summary>A text that is UTF-8 already.</summary>
    public void TextOfUtf8(ReadOnlySpan<byte> value)
    {
        UInt(((ulong)value.Length << 1) + 2);
        Bytes(value);
    }

    /// <summary>A digest, 16 bytes.</summary>
    public void Digest(UInt128 value)
    {
        Space(16);
        BinaryPrimitives.WriteUInt128LittleEndian(_bytes.AsSpan(Length), value);
        Length += 16;
    }

    /// <summary>Bytes without their number.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Space(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        Space(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>A text: 0 for none, else twice its bytes in UTF-8 and 2 more, or twice its bytes in UTF-16 and 3 more for one that has no UTF-8 form (half a surrogate pair).</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        // Most are ASCII: then the length is known before, and the bytes are written in their place.
        Space((value.Length * 3) + 10);
        int before = Length;
        UInt(((ulong)value.Length << 1) + 2);
        int at = Length;
        var status = Utf8.FromUtf16(value, _bytes.AsSpan(at), out _, out int written, replaceInvalidSequences: false);
        if (status == OperationStatus.Done && written == value.Length)
        {
            Length = at + written;
            return;
        }

        Length = before;
        bool isUtf8 = status == OperationStatus.Done;
        var bytes = isUtf8 ? _bytes.AsSpan(at, written).ToArray() : MemoryMarshal.AsBytes(value.AsSpan());
        UInt(((ulong)bytes.Length << 1) + (isUtf8 ? 2UL : 3UL));
        Space(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Space(int more)
    {
        if (_bytes.Length - Length < more)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}
