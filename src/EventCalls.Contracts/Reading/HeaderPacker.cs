using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>Copies headers from their JSON into <see cref="PackedHeaders"/>. For one thread.</summary>
internal sealed class HeaderPacker
{
    // A length of seven bits a byte.
    private const int MostOfLength = 5;
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static HeaderPacker? t_packer;

    private byte[] _bytes = new byte[4096];
    private int _length;

    public static HeaderPacker OfThread => t_packer ??= new HeaderPacker();

    /// <summary>The headers that begin at this array, which is read to its end; null when it is not written as we write one: nothing is read of it then.</summary>
    public PackedHeaders? Pack(ref Utf8JsonReader reader)
    {
        var begin = reader;
        _length = 0;
        int count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!Copy(ref reader, "name"u8) || !Copy(ref reader, "value"u8) || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
            {
                reader = begin;
                return null;
            }

            count++;
        }

        if (reader.TokenType != JsonTokenType.EndArray)
        {
            reader = begin;
            return null;
        }

        var headers = new PackedHeaders(_bytes.AsSpan(0, _length).ToArray(), count);
        if (_bytes.Length > MostKept)
            _bytes = new byte[4096];
        return headers;
    }

    private bool Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(member)
            || !reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        int most = reader.ValueSpan.Length;
        if (_bytes.Length - _length < most + MostOfLength)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + most + MostOfLength));
        // An escape is longer than what it stands for, so that the length may be shorter, too.
        int at = _length + SizeOf(most);
        int copied = reader.CopyString(_bytes.AsSpan(at));
        uint head = ((uint)copied << 1) + 2;
        int text = _length + SizeOf(copied);
        if (text != at)
            Buffer.BlockCopy(_bytes, at, _bytes, text, copied);
        for (; head >= 0x80; head >>= 7)
            _bytes[_length++] = (byte)(head | 0x80);
        _bytes[_length++] = (byte)head;
        _length = text + copied;
        return true;
    }

    private static int SizeOf(int text) => ((uint)text << 1) + 2 is var head && head < 1u << 7 ? 1 : head < 1u << 14 ? 2 : head < 1u << 21 ? 3 : head < 1u << 28 ? 4 : 5;
}
