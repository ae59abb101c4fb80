using System.Globalization;
using System.Text;

namespace EventCalls.Media.Rtpengine;

/// <summary>A value of rtpengine's NG protocol, in bencode: bytes, a number, a list, or a dictionary.</summary>
internal sealed class NgValue
{
    private const int MostLevels = 16;

    private NgValue(ReadOnlyMemory<byte>? bytes, long? number, List<NgValue>? list, SortedDictionary<string, NgValue>? fields) => (Bytes, Number, List, Fields) = (bytes, number, list, fields);

    /// <summary>Bytes; null for anything else.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>A number; null for anything else.</summary>
    public long? Number { get; }

    /// <summary>A list; null for anything else.</summary>
    public IReadOnlyList<NgValue>? List { get; }

    /// <summary>A dictionary, in the order of its keys' bytes; null for anything else.</summary>
    public IReadOnlyDictionary<string, NgValue>? Fields { get; }

    /// <summary>The bytes as a text; null for anything else.</summary>
    public string? Text => Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>A field of a dictionary; null when there is none.</summary>
    public NgValue? this[string key] => Fields?.GetValueOrDefault(key);

    public static NgValue Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, null, null);

    public static NgValue Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static NgValue Of(long number) => new(null, number, null, null);

    public static NgValue ListOf(params string[] texts) => new(null, null, [.. texts.Select(Of)], null);

    public static NgValue Of(IEnumerable<KeyValuePair<string, NgValue>> fields) => new(null, null, null, new SortedDictionary<string, NgValue>(fields.ToDictionary(), StringComparer.Ordinal));

    /// <summary>Writes it behind what is there.</summary>
    public void WriteTo(MemoryStream to)
    {
        if (Bytes is { } bytes)
        {
            Write(to, bytes.Span);
        }
        else if (Number is { } number)
        {
            to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"i{number}e")));
        }
        else if (List is { } list)
        {
            to.WriteByte((byte)'l');
            foreach (var item in list)
                item.WriteTo(to);
            to.WriteByte((byte)'e');
        }
        else
        {
            to.WriteByte((byte)'d');
            foreach (var (key, value) in Fields!)
            {
                Write(to, Encoding.UTF8.GetBytes(key));
                value.WriteTo(to);
            }
            to.WriteByte((byte)'e');
        }
    }

    /// <summary>Reads one value that is all there is; null when it is none, also one of too many levels.</summary>
    public static NgValue? Read(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        return Read(bytes, ref at, MostLevels) is { } value && at == bytes.Length ? value : null;
    }

    private static NgValue? Read(ReadOnlyMemory<byte> bytes, ref int at, int levels)
    {
        var span = bytes.Span;
        if (at >= span.Length || levels == 0)
            return null;
        switch (span[at])
        {
            case (byte)'i':
                at++;
                int end = span[at..].IndexOf((byte)'e');
                if (end < 0 || !long.TryParse(span.Slice(at, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                    return null;
                at += end + 1;
                return Of(number);
            case (byte)'l':
                at++;
                var list = new List<NgValue>();
                while (at < span.Length && span[at] != (byte)'e')
                {
                    if (Read(bytes, ref at, levels - 1) is not { } item)
                        return null;
                    list.Add(item);
                }
                return at++ < span.Length ? new NgValue(null, null, list, null) : null;
            case (byte)'d':
                at++;
                var fields = new SortedDictionary<string, NgValue>(StringComparer.Ordinal);
                while (at < span.Length && span[at] != (byte)'e')
                {
                    if (ReadBytes(bytes, ref at) is not { } key || Read(bytes, ref at, levels - 1) is not { } value)
                        return null;
                    fields[Encoding.UTF8.GetString(key.Span)] = value;
                }
                return at++ < span.Length ? new NgValue(null, null, null, fields) : null;
            default:
                return ReadBytes(bytes, ref at) is { } text ? Of(text) : null;
        }
    }

    private static ReadOnlyMemory<byte>? ReadBytes(ReadOnlyMemory<byte> bytes, ref int at)
    {
        var span = bytes.Span[at..];
        int colon = span.IndexOf((byte)':');
        if (colon is < 1 or > 9 || !int.TryParse(span[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > span.Length - colon - 1)
            return null;
        int start = at + colon + 1;
        at = start + length;
        return bytes.Slice(start, length);
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> bytes)
    {
        to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
        to.Write(bytes);
    }
}
