using System.Text;

namespace EventCalls.Sip.Transport.WebSockets;

/// <summary>The first line and the fields of an HTTP request or response (RFC 9112 §2.1), as far as a WebSocket handshake needs them.</summary>
internal sealed class HttpHead
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private HttpHead(string text)
    {
        var lines = text.Split("\r\n");
        FirstLine = lines[0];
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                continue;
            string value = line[(colon + 1)..].Trim();
            _fields[line[..colon]] = _fields.TryGetValue(line[..colon], out string? before) ? $"{before}, {value}" : value;
        }
    }

    /// <summary>The request or status line.</summary>
    public string FirstLine { get; }

    /// <summary>A field's value; null when there is none.</summary>
    public string? this[string name] => _fields.GetValueOrDefault(name);

    /// <summary>Whether a field's list has the word, in any case.</summary>
    public bool Lists(string name, string word) =>
        this[name]?.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>Reads one, with what came behind it.</summary>
    /// <exception cref="WebSocketRefusedException">It does not end within the limit, or the peer closed the connection.</exception>
    public static (HttpHead Head, byte[] Behind) Read(Stream stream, int mostBytes)
    {
        var buffer = new byte[mostBytes];
        int length = 0;
        while (true)
        {
            int read = length < buffer.Length ? stream.Read(buffer, length, buffer.Length - length) : 0;
            if (read == 0)
                throw new WebSocketRefusedException(length < buffer.Length ? "the peer closed it during the WebSocket handshake" : $"its HTTP head is longer than {mostBytes} bytes");
            // The end may be cut in two.
            int from = Math.Max(0, length - 3);
            length += read;
            int end = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (new HttpHead(Encoding.Latin1.GetString(buffer, 0, from + end)), buffer[(from + end + 4)..length]);
        }
    }
}
