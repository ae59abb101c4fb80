using System.Buffers;
using System.Collections.Frozen;

namespace EventCalls.Routing.Decisions;

/// <summary>Which custom headers logic may send.</summary>
internal static class HeaderCheck
{
    private const int MaxName = 256;
    private const int MaxValue = 4096;

    // RFC 3261 §25.1, token.
    private static readonly SearchValues<char> s_token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

    // What the stack and the transfer itself write; a second one would change the dialog, the route or the transfer.
    private static readonly FrozenSet<string> s_ours = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Route", "Record-Route", "Path", "Service-Route",
        "Content-Length", "Content-Type", "Content-Encoding", "Content-Disposition", "MIME-Version", "User-Agent", "Server",
        "Authorization", "Proxy-Authorization", "WWW-Authenticate", "Proxy-Authenticate", "Authentication-Info",
        "Require", "Proxy-Require", "Supported", "Unsupported", "Allow", "Allow-Events", "Expires", "Min-Expires",
        "Refer-To", "Referred-By", "Refer-Sub", "Replaces", "Join", "Target-Dialog", "Event", "Subscription-State",
        "RSeq", "RAck", "Session-Expires", "Min-SE", "Timestamp");

    public static string? NameError(string name) =>
        string.IsNullOrEmpty(name) ? "a header has no name"
        : name.Length > MaxName ? $"is a header name longer than {MaxName} characters"
        : name.AsSpan().ContainsAnyExcept(s_token) ? "is no header name: letters, digits and -.!%*_+`'~ only"
        : s_ours.Contains(SipHeaderNames.Canonical(name)) ? $"SIP itself needs {SipHeaderNames.Canonical(name)}, logic cannot set it"
        : null;

    public static string? ValueError(string? value)
    {
        if (value is null)
            return "has no value";
        if (value.Length > MaxValue)
            return $"is longer than {MaxValue} characters";
        foreach (char c in value)
        {
            if (c is '\r' or '\n' or '\0')
                return "holds a line break or NUL";
            if (char.IsControl(c) && c != '\t')
                return $"holds the control character U+{(int)c:X4}";
        }

        return null;
    }
}
