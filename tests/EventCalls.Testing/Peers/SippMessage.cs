namespace EventCalls.Testing;

/// <summary>One SIP message that SIPp sent or received.</summary>
/// <param name="Sent">True when SIPp sent it.</param>
/// <param name="Text">The message as it was on the wire.</param>
public sealed record SippMessage(bool Sent, string Text)
{
    /// <summary>The request or status line.</summary>
    public string StartLine => Text.Split('\n', 2)[0].TrimEnd('\r');

    /// <summary>The method of a request, empty for a response.</summary>
    public string Method => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? "" : StartLine.Split(' ', 2)[0];

    /// <summary>The status of a response, 0 for a request.</summary>
    public int Status => Method.Length == 0 && int.TryParse(StartLine.AsSpan(8, 3), out int status) ? status : 0;

    /// <summary>The method in CSeq: what a response answers.</summary>
    public string CSeqMethod => Header("CSeq")?.Split(' ').LastOrDefault() ?? "";

    /// <summary>The body, empty when there is none.</summary>
    public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    /// <summary>The first header field of that name, null when there is none.</summary>
    public string? Header(string name) => Headers(name).FirstOrDefault();

    /// <summary>All header fields of that name, in order.</summary>
    public IEnumerable<string> Headers(string name) =>
        from line in Text.Split("\r\n\r\n", 2)[0].Split("\r\n").Skip(1)
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        where colon > 0 && line.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)
        select line[(colon + 1)..].Trim();

    /// <summary>Reads SIPp's message log.</summary>
    internal static IReadOnlyList<SippMessage> ReadLog(string log)
    {
        // A line of dashes and the time, "UDP message sent (543 bytes):" or "… received [543] bytes :", an empty line, the message.
        var messages = new List<SippMessage>();
        foreach (var part in log.Split("----------------------------------------------- ").Skip(1))
        {
            var lines = part.Split('\n', 4);
            if (lines.Length == 4 && lines[1].Contains(" message ", StringComparison.Ordinal))
                messages.Add(new SippMessage(lines[1].Contains(" sent", StringComparison.Ordinal), lines[3]));
        }

        return messages;
    }
}
