using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace EventCalls.Contracts.Reading;

/// <summary>SIP headers as the bytes they were read from: of a past call one or two are looked at, and the others never become texts.</summary>
/// <remarks>
/// Name and value of each, one after the other: twice the number of bytes and 2 more, seven bits a byte, then the text in UTF-8; 3 more for one in UTF-16, which has no
/// UTF-8 form (half a surrogate pair).
/// </remarks>
/// <param name="bytes">The bytes; not changed any more.</param>
/// <param name="count">How many headers they are.</param>
public sealed class PackedHeaders(byte[] bytes, int count) : IReadOnlyList<SipHeader>
{
    private SipHeader[]? _all;

    /// <summary>How many headers there are.</summary>
    public int Count => count;

    /// <summary>The bytes of all.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The header at a position.</summary>
    public SipHeader this[int index] => All()[index];

    /// <summary>Goes over the headers without making texts of them.</summary>
    public Fields Look() => new(bytes);

    /// <inheritdoc/>
    public IEnumerator<SipHeader> GetEnumerator() => ((IEnumerable<SipHeader>)All()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private SipHeader[] All()
    {
        if (Volatile.Read(ref _all) is { } known)
            return known;
        var pool = TextPool.OfThread;
        var all = new SipHeader[count];
        var fields = Look();
        for (int i = 0; fields.Next(); i++)
            all[i] = new SipHeader(fields.NameIn(pool), fields.Value);
        Volatile.Write(ref _all, all);
        return all;
    }

    /// <summary>One header after the other.</summary>
    public ref struct Fields
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private ReadOnlySpan<byte> _name;
        private ReadOnlySpan<byte> _value;
        private bool _isNameUtf16;
        private bool _isValueUtf16;
        private int _at;

        internal Fields(ReadOnlySpan<byte> bytes) => _bytes = bytes;

        /// <summary>The name in UTF-8; empty when it has no such form.</summary>
        public readonly ReadOnlySpan<byte> Name => _isNameUtf16 ? default : _name;

        /// <summary>The name.</summary>
        public readonly string NameText => NameIn(TextPool.OfThread);

        /// <summary>The value.</summary>
        public readonly string Value => Text(_value, _isValueUtf16);

        /// <summary>Goes to the next header; false when there is none.</summary>
        public bool Next()
        {
            if (_at == _bytes.Length)
                return false;
            _name = Take(out _isNameUtf16);
            _value = Take(out _isValueUtf16);
            return true;
        }

        internal readonly string NameIn(TextPool pool) => _isNameUtf16 ? Text(_name, true) : pool.Get(_name);

        private static string Text(ReadOnlySpan<byte> text, bool isUtf16) =>
            isUtf16 ? new string(MemoryMarshal.Cast<byte, char>(text.ToArray())) : Encoding.UTF8.GetString(text);

        private ReadOnlySpan<byte> Take(out bool isUtf16)
        {
            uint head = _bytes[_at++];
            if (head >= 0x80)
            {
                head &= 0x7F;
                for (int shift = 7; ; shift += 7)
                {
                    byte b = _bytes[_at++];
                    head |= (uint)(b & 0x7F) << shift;
                    if (b < 0x80)
                        break;
                }
            }

            isUtf16 = (head & 1) != 0;
            var text = _bytes.Slice(_at, (int)((head - 2) >> 1));
            _at += text.Length;
            return text;
        }
    }
}
