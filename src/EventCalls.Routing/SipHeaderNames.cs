namespace EventCalls.Routing;

/// <summary>Header names as SIP compares them.</summary>
internal static class SipHeaderNames
{
    /// <summary>The long form of a compact name (IANA's SIP header field registry); any other name as it is.</summary>
    public static string Canonical(string name) => name.Length != 1 ? name : (name[0] | 0x20) switch
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
}
