using System.Collections.Frozen;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Which header fields can be what changed calls have in common.</summary>
internal static class ComparedHeaders
{
    // Made anew for each call or hop; the numbers in From and To are compared as numbers.
    private static readonly FrozenSet<string> s_ofEachCall = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Via", "v", "Call-ID", "i", "CSeq", "Max-Forwards", "Content-Length", "l", "From", "f", "To", "t", "Contact", "m", "Date", "Timestamp", "Session-ID",
        "Authorization", "Proxy-Authorization", "Identity", "y");

    // RFC 3261 §7.3.3 and the IANA registry of header fields.
    private static readonly FrozenDictionary<string, string> s_longForms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["a"] = "Accept-Contact",
        ["b"] = "Referred-By",
        ["c"] = "Content-Type",
        ["d"] = "Request-Disposition",
        ["e"] = "Content-Encoding",
        ["j"] = "Reject-Contact",
        ["k"] = "Supported",
        ["n"] = "Identity-Info",
        ["o"] = "Event",
        ["r"] = "Refer-To",
        ["s"] = "Subject",
        ["u"] = "Allow-Events",
        ["x"] = "Session-Expires",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool Compares(string name) => !s_ofEachCall.Contains(name);

    /// <summary>The long form of a compact name; any other name as it is.</summary>
    public static string Canonical(string name) => name.Length == 1 && s_longForms.TryGetValue(name, out var longForm) ? longForm : name;
}
