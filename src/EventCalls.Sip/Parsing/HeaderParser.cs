using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Reads the header lines up to the blank line: names, folded values, LF-only line ends (RFC 3261 §7.3).</summary>
internal static class HeaderParser
{
    internal static SipParseError Parse(ReadOnlySpan<byte> bytes, int start, SipMessage into, out int end)
    {
        var error = SipParseError.None;
        var at = start;
        while (true)
        {
            if (at >= bytes.Length)
            {
                end = bytes.Length;
                return error == SipParseError.None ? SipParseError.Incomplete : error;
            }
            var lineStart = at;
            if (bytes[at] == (byte)'\n')
            {
                end = at + 1;
                return error;
            }
            if (bytes[at] == (byte)'\r' && at + 1 < bytes.Length && bytes[at + 1] == (byte)'\n')
            {
                end = at + 2;
                return error;
            }
            var nameLength = bytes[at..].IndexOfAnyExcept(SipText.TokenBytes);
            var colon = nameLength < 0 ? bytes.Length : at + nameLength;
            while (colon < bytes.Length && bytes[colon] is (byte)' ' or (byte)'\t')
                colon++;
            var isField = nameLength > 0 && colon < bytes.Length && bytes[colon] == (byte)':';
            var valueStart = isField ? colon + 1 : at;
            if (!FindEndOfField(bytes, valueStart, out var valueEnd, out at))
                error = First(error, SipParseError.BadHeader);
            if (!isField)
            {
                error = First(error, SipParseError.BadHeader);
                continue;
            }
            if (into.HeaderCount == SipParser.MostHeaders)
            {
                end = bytes.Length;
                return SipParseError.TooManyHeaders;
            }
            while (valueStart < valueEnd && SipText.IsSpace(bytes[valueStart]))
                valueStart++;
            while (valueEnd > valueStart && SipText.IsSpace(bytes[valueEnd - 1]))
                valueEnd--;
            var id = HeaderNames.Of(bytes.Slice(lineStart, nameLength));
            var earlier = into.Add(new HeaderEntry(id, lineStart, nameLength, valueStart, valueEnd - valueStart));
            if (earlier >= 0 && IsForbiddenTwice(id, into[earlier].Value, bytes[valueStart..valueEnd]))
                error = First(error, SipParseError.DuplicateHeader);
        }
    }

    /// <summary>Finds where the value ends and the next field begins; false when a CR stands alone, which no field may hold.</summary>
    private static bool FindEndOfField(ReadOnlySpan<byte> bytes, int start, out int valueEnd, out int next)
    {
        var good = true;
        while (true)
        {
            var found = bytes[start..].IndexOfAny((byte)'\r', (byte)'\n');
            if (found < 0)
            {
                valueEnd = next = bytes.Length;
                return good;
            }
            valueEnd = start + found;
            next = valueEnd + 1;
            if (bytes[valueEnd] == (byte)'\r')
            {
                if (next == bytes.Length)
                    return good;
                if (bytes[next] != (byte)'\n')
                {
                    good = false;
                    start = next;
                    continue;
                }
                next++;
            }
            if (next == bytes.Length || bytes[next] is not ((byte)' ' or (byte)'\t'))
                return good;
            start = next;
        }
    }

    private static bool IsForbiddenTwice(HeaderId id, ReadOnlySpan<byte> earlier, ReadOnlySpan<byte> later) => id switch
    {
        HeaderId.CallId or HeaderId.CSeq or HeaderId.From or HeaderId.To or HeaderId.MaxForwards => true,
        HeaderId.ContentLength => !earlier.SequenceEqual(later),
        _ => false,
    };

    private static SipParseError First(SipParseError earlier, SipParseError later) => earlier != SipParseError.None ? earlier : later;
}
