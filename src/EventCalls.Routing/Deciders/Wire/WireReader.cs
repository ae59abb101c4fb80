using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes, WireTexts texts)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public readonly int At => _at;

    public readonly WireTexts Texts => texts;

    /// <summary>What stands between <see cref="WireWriter.BeginPart"/> and <see cref="WireWriter.EndPart"/>.</summary>
    public ReadOnlySpan<byte> Part() => Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));

    public byte Byte() => _bytes[_at++];

    public bool Bool() => Byte() != 0;

    public ulong UInt()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = _bytes[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }

    public int Count() => checked((int)UInt());

    public long Int()
    {
        ulong value = UInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int32() => checked((int)Int());

    public long? OptionalInt() => Bool() ? Int() : null;

    public int? OptionalInt32() => Bool() ? Int32() : null;

    public Guid Guid() => new(Take(16));

    public DateTimeOffset Time()
    {
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(Int()));
    }

    public UInt128 Digest() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public ReadOnlySpan<byte> Raw() => Take(Count());

    /// <summary>A text that may be none.</summary>
    public string? OptionalText()
    {
        ulong head = UInt();
        if (head == 0)
            return null;
        var bytes = Take(checked((int)((head - 2) >> 1)));
        return (head & 1) == 0 ? Encoding.UTF8.GetString(bytes) : new string(MemoryMarshal.Cast<byte, char>(bytes.ToArray()));
    }

    public string Text() => OptionalText() ?? throw new InvalidDataException("A text is missing.");

    /// <summary>A text that comes again and again: the same string each time.</summary>
    public string? OptionalName()
    {
        int before = _at;
        ulong head = UInt();
        if (head == 0)
            return null;
        if ((head & 1) == 0 && head <= 2 + (2 * WireTexts.MaxLength))
            return texts.Get(Take((int)((head - 2) >> 1)));
        _at = before;
        return OptionalText();
    }

    public string Name() => OptionalName() ?? throw new InvalidDataException("A text is missing.");

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
