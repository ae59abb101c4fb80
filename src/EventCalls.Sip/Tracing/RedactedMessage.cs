using System.Buffers;
using System.Text;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tracing;

/// <summary>Messages without what would let whoever reads them pass for somebody else, also where they are no messages at all.</summary>
internal static class RedactedMessage
{
    /// <summary>Writes a message with its credentials and tokens redacted, and keys of media (RFC 4568) overwritten; false when it has no room there.</summary>
    /// <param name="message">The message as it is on the wire.</param>
    /// <param name="secrets">The names of headers that hold tokens.</param>
    /// <param name="to">Where to.</param>
    /// <param name="length">How long it is then.</param>
    public static bool TryWrite(ReadOnlySpan<byte> message, ReadOnlySpan<byte[]> secrets, Span<byte> to, out int length)
    {
        length = 0;
        int head = HeadLength(message);
        int copied = 0;
        for (int at = 0; at < head;)
        {
            int end = EndOfField(message[..head], at);
            var field = message[at..end];
            int colon = field.IndexOf((byte)':');
            var name = colon < 0 ? default : field[..colon].TrimEnd(" \t"u8);
            bool isCredentials = HeaderNames.Of(name) is HeaderId.Authorization or HeaderId.ProxyAuthorization;
            if (isCredentials || IsOneOf(name, secrets))
            {
                string value = isCredentials ? ReceivedHeaders.RedactCredentials(SipText.Unfold(field[(colon + 1)..].Trim(" \t\r\n"u8))) : ReceivedHeaders.Redacted;
                if (!TryAdd(message[copied..at], to, ref length) || !TryAdd(name, to, ref length) || !TryAdd(Encoding.UTF8.GetBytes($": {value}\r\n"), to, ref length))
                    return false;
                copied = end;
            }
            at = end;
        }
        int body = length + head - copied;
        if (!TryAdd(message[copied..], to, ref length))
            return false;
        Overwrite(to[body..length]);
        return true;
    }

    /// <summary>Finds the Call-ID, or nothing.</summary>
    public static ReadOnlySpan<byte> CallId(ReadOnlySpan<byte> message)
    {
        int head = HeadLength(message);
        for (int at = 0; at < head;)
        {
            int end = EndOfField(message[..head], at);
            // Most fields are told by their first letter.
            if ((message[at] | 0x20) is 'c' or 'i')
            {
                var field = message[at..end];
                int colon = field.IndexOf((byte)':');
                if (colon > 0 && HeaderNames.Of(field[..colon].TrimEnd(" \t"u8)) == HeaderId.CallId)
                    return field[(colon + 1)..].Trim(" \t\r\n"u8);
            }
            at = end;
        }
        return default;
    }

    // With its empty line; all of what has none.
    private static int HeadLength(ReadOnlySpan<byte> message)
    {
        int crlf = message.IndexOf("\r\n\r\n"u8);
        int lf = message.IndexOf("\n\n"u8);
        return crlf >= 0 && (lf < 0 || crlf < lf) ? crlf + 4 : lf >= 0 ? lf + 2 : message.Length;
    }

    // A field goes on in lines that begin with white space (RFC 3261 §7.3.1).
    private static int EndOfField(ReadOnlySpan<byte> head, int at)
    {
        while (true)
        {
            int line = head[at..].IndexOf((byte)'\n');
            if (line < 0)
                return head.Length;
            at += line + 1;
            if (at == head.Length || head[at] is not ((byte)' ' or (byte)'\t'))
                return at;
        }
    }

    // The body keeps its length, which Content-Length says.
    private static void Overwrite(Span<byte> body)
    {
        if (body.IndexOf("a=crypto:"u8) < 0)
            return;
        while (body.IndexOf("inline:"u8) is >= 0 and var found)
        {
            body = body[(found + 7)..];
            int end = body.IndexOfAny(s_afterKey);
            body[..(end < 0 ? body.Length : end)].Fill((byte)'x');
        }
    }

    private static readonly SearchValues<byte> s_afterKey = SearchValues.Create("| ;\r\n"u8);

    private static bool IsOneOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte[]> names)
    {
        foreach (var one in names)
        {
            if (SipText.EqualsIgnoreCase(name, one))
                return true;
        }
        return false;
    }

    private static bool TryAdd(ReadOnlySpan<byte> bytes, Span<byte> to, ref int length)
    {
        if (!bytes.TryCopyTo(to[length..]))
            return false;
        length += bytes.Length;
        return true;
    }
}
