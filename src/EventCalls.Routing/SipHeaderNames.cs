namespace EventCalls.Routing;

/// <summary>Header names as SIP compares them.</summary>
public static class SipHeaderNames
{
    /// <summary>The long form of a compact name (IANA's SIP header field registry); any other name as it is.</summary>
    public static string Canonical(string name) => name is not [var letter] ? name : (letter | 0x20) switch
    {
        'a' => "Accept-Contact",
        'b' => "Referred-By",
        'c' => "Content-Type",
        'd' => "Request-Disposition",
        'e' => "Content-Encoding",
        'f' => "From",
        'i' => "Call-ID",
        'j' => "Reject-Contact",
        'k' => "Supported",
        'l' => "Content-Length",
        'm' => "Contact",
        'n' => "Identity-Info",
        'o' => "Event",
        'r' => "Refer-To",
        's' => "Subject",
        't' => "To",
        'u' => "Allow-Events",
        'v' => "Via",
        'x' => "Session-Expires",
        'y' => "Identity",
        _ => name,
    };

    /// <summary>The name in all its spellings, long and compact.</summary>
    public static IReadOnlyList<string> Spellings(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string canonical = Canonical(name);
        return [canonical, .. Enumerable.Range('a', 26).Select(c => ((char)c).ToString()).Where(c => Canonical(c) is var known && known.Length > 1 && known.Equals(canonical, StringComparison.OrdinalIgnoreCase))];
    }
}
