namespace EventCalls.Store;

/// <summary>Which headers an index of headers holds: all but those that only carry the message, or that lists show as columns.</summary>
public static class IndexedHeaders
{
    /// <summary>Those it leaves out, in lower case, in their long and compact names (RFC 3261 §20).</summary>
    public static IReadOnlyList<string> LeftOut { get; } =
    [
        "accept", "accept-encoding", "accept-language", "allow", "allow-events", "u", "authorization", "call-id", "i", "contact", "m", "content-encoding", "e", "content-length", "l", "content-type", "c", "cseq", "date",
        "expires", "from", "f", "max-forwards", "mime-version", "min-se", "proxy-authorization", "proxy-require", "record-route", "require", "route", "session-expires", "x", "supported", "k", "timestamp", "to", "t", "via", "v",
    ];

    /// <summary>Whether calls of a condition are found by the index.</summary>
    public static bool Hold(HeaderCondition header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return !header.Names.Any(name => LeftOut.Contains(name, StringComparer.OrdinalIgnoreCase));
    }
}
