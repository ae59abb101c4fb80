namespace EventCalls.Sip.Messages;

/// <summary>Names of the header fields: canonical, and the compact forms of RFC 3261, 3515, 3841, 3892, 4028, 6665 and 8224.</summary>
public static class HeaderNames
{
    private const int Slots = 512;

    private static readonly byte[][] Canonicals =
    [
        [],
        "Via"u8.ToArray(),
        "From"u8.ToArray(),
        "To"u8.ToArray(),
        "Call-ID"u8.ToArray(),
        "CSeq"u8.ToArray(),
        "Contact"u8.ToArray(),
        "Max-Forwards"u8.ToArray(),
        "Content-Length"u8.ToArray(),
        "Content-Type"u8.ToArray(),
        "Route"u8.ToArray(),
        "Record-Route"u8.ToArray(),
        "Require"u8.ToArray(),
        "Proxy-Require"u8.ToArray(),
        "Supported"u8.ToArray(),
        "Unsupported"u8.ToArray(),
        "Allow"u8.ToArray(),
        "Accept"u8.ToArray(),
        "Expires"u8.ToArray(),
        "Event"u8.ToArray(),
        "Subscription-State"u8.ToArray(),
        "Refer-To"u8.ToArray(),
        "Referred-By"u8.ToArray(),
        "Refer-Sub"u8.ToArray(),
        "Replaces"u8.ToArray(),
        "RSeq"u8.ToArray(),
        "RAck"u8.ToArray(),
        "Session-Expires"u8.ToArray(),
        "Min-SE"u8.ToArray(),
        "Reason"u8.ToArray(),
        "Retry-After"u8.ToArray(),
        "Warning"u8.ToArray(),
        "Authorization"u8.ToArray(),
        "Proxy-Authorization"u8.ToArray(),
        "WWW-Authenticate"u8.ToArray(),
        "Proxy-Authenticate"u8.ToArray(),
        "P-Asserted-Identity"u8.ToArray(),
        "P-Preferred-Identity"u8.ToArray(),
        "Privacy"u8.ToArray(),
        "Remote-Party-ID"u8.ToArray(),
        "Diversion"u8.ToArray(),
        "History-Info"u8.ToArray(),
        "User-Agent"u8.ToArray(),
        "Server"u8.ToArray(),
        "Subject"u8.ToArray(),
        "Date"u8.ToArray(),
        "Timestamp"u8.ToArray(),
        "Allow-Events"u8.ToArray(),
        "Content-Encoding"u8.ToArray(),
        "Content-Disposition"u8.ToArray(),
        "Call-Info"u8.ToArray(),
        "Alert-Info"u8.ToArray(),
        "Error-Info"u8.ToArray(),
        "Path"u8.ToArray(),
        "Target-Dialog"u8.ToArray(),
        "User-to-User"u8.ToArray(),
        "Identity"u8.ToArray(),
        "Identity-Info"u8.ToArray(),
        "Accept-Contact"u8.ToArray(),
        "Reject-Contact"u8.ToArray(),
        "Request-Disposition"u8.ToArray(),
        "Accept-Encoding"u8.ToArray(),
        "Accept-Language"u8.ToArray(),
        "Content-Language"u8.ToArray(),
        "MIME-Version"u8.ToArray(),
        "Organization"u8.ToArray(),
        "Priority"u8.ToArray(),
        "In-Reply-To"u8.ToArray(),
        "Reply-To"u8.ToArray(),
        "Min-Expires"u8.ToArray(),
        "Service-Route"u8.ToArray(),
        "SIP-ETag"u8.ToArray(),
        "SIP-If-Match"u8.ToArray(),
        "Join"u8.ToArray(),
        "Authentication-Info"u8.ToArray(),
        "P-Charging-Vector"u8.ToArray(),
        "P-Early-Media"u8.ToArray(),
        "Geolocation"u8.ToArray(),
        "Session-ID"u8.ToArray(),
        "Info-Package"u8.ToArray(),
        "Recv-Info"u8.ToArray(),
        "Max-Breadth"u8.ToArray(),
        "Answer-Mode"u8.ToArray(),
        "Flow-Timer"u8.ToArray(),
    ];

    private static readonly HeaderId[] ByHash = BuildHash();

    internal static int Count => Canonicals.Length;

    /// <summary>The name as it is sent, such as <c>Call-ID</c>; empty for <see cref="HeaderId.Other"/>.</summary>
    public static ReadOnlySpan<byte> Canonical(HeaderId id) => Canonicals[(int)id];

    /// <summary>The header field of that name, in any case or in its compact form, or <see cref="HeaderId.Other"/>.</summary>
    public static HeaderId Of(ReadOnlySpan<byte> name)
    {
        if (name.Length <= 1)
            return name.Length == 1 ? OfCompact(name[0]) : HeaderId.Other;
        for (var slot = Hash(name); ; slot = (slot + 1) & (Slots - 1))
        {
            var id = ByHash[slot];
            if (id == HeaderId.Other)
                return HeaderId.Other;
            var canonical = Canonicals[(int)id];
            // Almost everybody sends the canonical spelling, and comparing bytes is cheaper than comparing letters.
            if (name.SequenceEqual(canonical) || SipText.EqualsIgnoreCase(name, canonical))
                return id;
        }
    }

    private static HeaderId OfCompact(byte letter) => (letter | 0x20) switch
    {
        'v' => HeaderId.Via,
        'f' => HeaderId.From,
        't' => HeaderId.To,
        'i' => HeaderId.CallId,
        'm' => HeaderId.Contact,
        'l' => HeaderId.ContentLength,
        'c' => HeaderId.ContentType,
        'k' => HeaderId.Supported,
        's' => HeaderId.Subject,
        'e' => HeaderId.ContentEncoding,
        'o' => HeaderId.Event,
        'r' => HeaderId.ReferTo,
        'b' => HeaderId.ReferredBy,
        'x' => HeaderId.SessionExpires,
        'u' => HeaderId.AllowEvents,
        'a' => HeaderId.AcceptContact,
        'd' => HeaderId.RequestDisposition,
        'j' => HeaderId.RejectContact,
        'n' => HeaderId.IdentityInfo,
        'y' => HeaderId.Identity,
        _ => HeaderId.Other,
    };

    private static int Hash(ReadOnlySpan<byte> name) =>
        (name.Length * 6 + (name[0] | 0x20) * 72 + (name[^1] | 0x20) * 17 + (name[name.Length >> 1] | 0x20) * 250) & (Slots - 1);

    private static HeaderId[] BuildHash()
    {
        var table = new HeaderId[Slots];
        for (var id = 1; id < Canonicals.Length; id++)
        {
            var slot = Hash(Canonicals[id]);
            while (table[slot] != HeaderId.Other)
                slot = (slot + 1) & (Slots - 1);
            table[slot] = (HeaderId)id;
        }
        return table;
    }
}
