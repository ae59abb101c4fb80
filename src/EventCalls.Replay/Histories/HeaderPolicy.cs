namespace EventCalls.Replay.Histories;

/// <summary>What headers say, as far as anonymizing asks.</summary>
internal static class HeaderPolicy
{
    private static readonly HashSet<string> s_addresses = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "f", "To", "t", "Contact", "m", "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Diversion", "History-Info", "Referred-By", "b", "P-Charging-Vector", "P-Called-Party-ID", "Reply-To",
    };

    private static readonly HashSet<string> s_message = new(StringComparer.OrdinalIgnoreCase)
    {
        "Max-Forwards", "CSeq", "Content-Type", "c", "Content-Length", "l", "Allow", "Supported", "k", "Require", "Accept", "User-Agent", "Server", "Session-Expires", "x", "Min-SE", "Date", "Privacy",
        "Allow-Events", "u", "Call-ID", "i",
    };

    // Members that hold names, ids and times of ours, or what the logic says.
    private static readonly HashSet<string> s_ours = new(StringComparer.Ordinal)
    {
        "eventId", "callId", "causationId", "handoffId", "occurredAt", "node", "trunk", "transport", "flow", "logicVersion", "decidedBy", "method", "outcome", "requestedBy", "seed", "now", "leg",
    };

    /// <summary>Whether its value is an address with a name: number and name are replaced, the rest stays.</summary>
    public static bool IsAddress(string name) => s_addresses.Contains(name);

    /// <summary>Whether it says how the message is made or travels, and nothing of the caller.</summary>
    public static bool IsOfTheMessage(string name) => s_message.Contains(name) || IsRoute(name);

    /// <summary>Whether it names the hosts that the message went through.</summary>
    public static bool IsRoute(string name) => name.Equals("Via", StringComparison.OrdinalIgnoreCase) || name.Equals("v", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a member of an event is ours alone, and holds nothing of the caller.</summary>
    public static bool IsOurs(string member) => s_ours.Contains(member);
}
