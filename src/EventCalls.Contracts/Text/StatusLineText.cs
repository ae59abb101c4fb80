namespace EventCalls.Contracts;

/// <summary>Reads the status line at the beginning of what a peer sent, kept as text: a response, or the fragment in a NOTIFY (RFC 3420).</summary>
public static class StatusLineText
{
    private const string Version = "SIP/2.0 ";

    /// <summary>Whether a text begins with a response's status line.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.StartsWith(Version, StringComparison.Ordinal);

    /// <summary>Status and phrase, such as <c>180 Ringing</c>; null when there is nothing to read.</summary>
    public static string? Of(string? asReceived)
    {
        if (asReceived is null)
            return null;
        var line = asReceived.AsSpan();
        int end = line.IndexOfAny('\r', '\n');
        if (end >= 0)
            line = line[..end];
        line = line.Trim();
        if (IsIn(line))
            line = line[Version.Length..];
        return line.IsEmpty ? null : line.ToString();
    }

    /// <summary>The phrase alone; null when there is none.</summary>
    public static string? PhraseOf(string? asReceived) => Of(asReceived)?.Split(' ', 2) is [_, var phrase] ? phrase : null;
}
