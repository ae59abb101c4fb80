using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Finds Content-Length in a header whose fields have not been parsed yet.</summary>
internal static class ContentLengthReader
{
    /// <summary>Reads the length from a header that ends with its blank line.</summary>
    internal static StreamError Read(ReadOnlySpan<byte> header, out long length)
    {
        length = -1;
        var at = header.IndexOf((byte)'\n') + 1;
        while (at < header.Length)
        {
            var end = EndOfField(header, at);
            var field = header[at..end];
            at = end;
            var colon = field.IndexOf((byte)':');
            if (colon <= 0 || HeaderNames.Of(SipText.TrimEnd(field[..colon])) != HeaderId.ContentLength)
                continue;
            if (!SipText.TryDecimal(SipText.Trim(field[(colon + 1)..]), int.MaxValue, out var number))
                return StreamError.BadContentLength;
            if (length >= 0 && length != number)
                return StreamError.BadContentLength;
            length = number;
        }
        return length < 0 ? StreamError.NoContentLength : StreamError.None;
    }

    private static int EndOfField(ReadOnlySpan<byte> header, int start)
    {
        while (true)
        {
            var found = header[start..].IndexOf((byte)'\n');
            if (found < 0)
                return header.Length;
            start += found + 1;
            if (start >= header.Length || header[start] is not ((byte)' ' or (byte)'\t'))
                return start;
        }
    }
}
