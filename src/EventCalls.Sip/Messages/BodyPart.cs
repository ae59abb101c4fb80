namespace EventCalls.Sip.Messages;

/// <summary>Finds the part of a body that is of one type, in several parts or in one (RFC 2046 §5.1, RFC 5621).</summary>
public static class BodyPart
{
    private const int MostDepth = 3;

    /// <summary>The body when it is of the type, else the first part of a multipart body that is; empty when there is none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">The type without parameters, such as <c>message/sipfrag</c>.</param>
    public static ReadOnlySpan<byte> Find(SipMessage message, ReadOnlySpan<byte> type) => Find(message.ContentType, message.Body, type, 0);

    /// <summary>The same of a body and its type.</summary>
    /// <param name="contentType">The body's type, with its parameters.</param>
    /// <param name="body">The body.</param>
    /// <param name="type">The type that is looked for.</param>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, ReadOnlySpan<byte> type) => Find(contentType, body, type, 0);

    /// <summary>Whether the body has several parts.</summary>
    public static bool IsMultipart(SipMessage message) => IsMultipart(message.ContentType);

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, ReadOnlySpan<byte> type, int depth)
    {
        int semicolon = contentType.IndexOf((byte)';');
        var name = SipText.Trim(semicolon < 0 ? contentType : contentType[..semicolon]);
        if (SipText.EqualsIgnoreCase(name, type))
            return body;
        if (depth == MostDepth || !IsMultipart(name) || semicolon < 0
            || !ParameterText.TryGet(contentType[(semicolon + 1)..], "boundary"u8, out var boundary) || boundary.IsEmpty)
            return default;
        while (TryNext(ref body, boundary, out var part))
        {
            if (FindInPart(part, type, depth) is { IsEmpty: false } found)
                return found;
        }
        return default;
    }

    private static bool IsMultipart(ReadOnlySpan<byte> contentType) =>
        contentType.Length > 10 && SipText.EqualsIgnoreCase(contentType[..10], "multipart/"u8);

    private static ReadOnlySpan<byte> FindInPart(ReadOnlySpan<byte> part, ReadOnlySpan<byte> type, int depth)
    {
        ReadOnlySpan<byte> contentType = default;
        while (true)
        {
            int end = part.IndexOf((byte)'\n');
            if (end < 0)
                return default;
            var line = part[..end].TrimEnd((byte)'\r');
            part = part[(end + 1)..];
            if (line.IsEmpty)
                return Find(contentType, part, type, depth + 1);
            int colon = line.IndexOf((byte)':');
            if (colon > 0 && HeaderNames.Of(SipText.TrimEnd(line[..colon])) == HeaderId.ContentType)
                contentType = SipText.Trim(line[(colon + 1)..]);
        }
    }

    /// <summary>Takes what lies between two boundary lines off the body.</summary>
    private static bool TryNext(scoped ref ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, out ReadOnlySpan<byte> part)
    {
        part = default;
        int start = Delimiter(body, boundary, out int after);
        if (start < 0 || body[after..].StartsWith("--"u8))
            return false;
        var rest = body[after..];
        int line = rest.IndexOf((byte)'\n');
        if (line < 0)
            return false;
        rest = rest[(line + 1)..];
        int end = Delimiter(rest, boundary, out _);
        part = end < 0 ? rest : rest[..end];
        body = end < 0 ? default : rest[end..];
        // The line end before a boundary belongs to the boundary.
        if (end >= 0 && part.EndsWith("\n"u8))
            part = part[..^1];
        if (end >= 0 && part.EndsWith("\r"u8))
            part = part[..^1];
        return true;
    }

    private static int Delimiter(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, out int after)
    {
        for (int at = 0; at < body.Length;)
        {
            if (body[at..].StartsWith("--"u8) && body[(at + 2)..].StartsWith(boundary))
            {
                after = at + 2 + boundary.Length;
                return at;
            }
            int next = body[at..].IndexOf((byte)'\n');
            if (next < 0)
                break;
            at += next + 1;
        }
        after = 0;
        return -1;
    }
}
