using System.Collections;
using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Header fields as they came over the pipe: the one that logic asks for is read, the others mostly never.</summary>
internal sealed class SentHeaders(byte[] bytes, int count, int begin, WireTexts texts) : IReadOnlyList<SipHeader>
{
    private SipHeader[]? _all;

    public int Count => count;

    public SipHeader this[int index] => All()[index];

    public static IReadOnlyList<SipHeader> Read(ReadOnlySpan<byte> part, WireTexts texts)
    {
        var reader = new WireReader(part, texts);
        int fields = reader.Count();
        return fields == 0 ? [] : new SentHeaders(part.ToArray(), fields, reader.At, texts);
    }

    /// <summary>The first value of a header.</summary>
    /// <param name="canonical">Its long name.</param>
    public string? Find(string canonical)
    {
        var reader = Begin();
        for (int i = 0; i < count; i++)
        {
            bool isFound = reader.TryUtf8(out var name)
                && (name.Length == 1 ? SipHeaderFields.AreSame(Encoding.UTF8.GetString(name), canonical)
                    : Ascii.IsValid(name) ? Ascii.EqualsIgnoreCase(name, canonical)
                    : Encoding.UTF8.GetString(name).Equals(canonical, StringComparison.OrdinalIgnoreCase));
            if (isFound)
                return reader.Text();
            reader.TryUtf8(out _);
        }

        return null;
    }

    public IEnumerator<SipHeader> GetEnumerator() => ((IEnumerable<SipHeader>)All()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private WireReader Begin()
    {
        var reader = new WireReader(bytes, texts);
        reader.Skip(begin);
        return reader;
    }

    private SipHeader[] All()
    {
        if (_all is not null)
            return _all;
        var reader = Begin();
        var all = new SipHeader[count];
        for (int i = 0; i < count; i++)
            all[i] = new SipHeader(reader.Name(), reader.Text());
        return _all = all;
    }
}
