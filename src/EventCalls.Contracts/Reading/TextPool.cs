using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>Gives the same string for the same bytes where texts repeat from call to call: names of headers, nodes, trunks, versions.</summary>
internal sealed class TextPool
{
    private const int Size = 512;
    private const int MaxLength = 96;

    [ThreadStatic]
    private static TextPool? t_pool;

    private readonly (byte[] Utf8, string Text)[] _known = new (byte[], string)[Size];

    public static TextPool OfThread => t_pool ??= new TextPool();

    /// <summary>The text of a value; null for null.</summary>
    public string? Get(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? null : Text(ref reader);

    /// <summary>The name of a member.</summary>
    public string GetName(ref Utf8JsonReader reader) => Text(ref reader);

    private string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength)
            return reader.GetString()!;
        return Known(reader.ValueSpan);
    }

    /// <summary>The text of bytes.</summary>
    public string Get(ReadOnlySpan<byte> utf8) => utf8.Length > MaxLength ? Encoding.UTF8.GetString(utf8) : Known(utf8);

    private string Known(ReadOnlySpan<byte> utf8)
    {
        ref var known = ref _known[Slot(utf8)];
        if (known.Utf8 is not null && utf8.SequenceEqual(known.Utf8))
            return known.Text;
        string text = Encoding.UTF8.GetString(utf8);
        known = (utf8.ToArray(), text);
        return text;
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
