using System.Buffers.Binary;
using System.Text;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Gives the same string for the same bytes where texts repeat from call to call: names of headers, nodes, trunks, flows. For one thread.</summary>
internal sealed class WireTexts
{
    /// <summary>Longer texts are not kept.</summary>
    public const int MaxLength = 96;

    private const int Size = 1024;

    private readonly string?[] _known = new string?[Size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        ref string? known = ref _known[Slot(utf8)];
        if (known is not null && known.Length == utf8.Length && Ascii.Equals(utf8, known))
            return known;
        return known = Encoding.UTF8.GetString(utf8);
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length;
        int i = 0;
        for (; i + 8 <= utf8.Length; i += 8)
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8[i..])) * 0x9E3779B97F4A7C15;
        for (; i < utf8.Length; i++)
            hash = (hash ^ utf8[i]) * 0x100000001B3;
        return (int)((hash ^ (hash >> 29)) % Size);
    }
}
