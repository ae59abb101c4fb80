using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Dialling;

/// <summary>The headers behind the <c>?</c> of a URI that others will dial (RFC 3261 §19.1.1): those that say more of the call, never those that make another request of it.</summary>
internal static class UriHeaders
{
    /// <summary>What is wrong with them; null when they can be sent, or there are none.</summary>
    public static string? WhyNot(ReadOnlySpan<byte> headers)
    {
        while (!headers.IsEmpty)
        {
            int end = headers.IndexOf((byte)'&');
            var header = end < 0 ? headers : headers[..end];
            headers = end < 0 ? default : headers[(end + 1)..];
            int equals = header.IndexOf((byte)'=');
            string name = Uri.UnescapeDataString(SipText.Get(equals < 0 ? header : header[..equals]));
            string value = equals < 0 ? "" : Uri.UnescapeDataString(SipText.Get(header[(equals + 1)..]));
            bool isReplaces = name.Equals("Replaces", StringComparison.OrdinalIgnoreCase);
            if (name.Equals("method", StringComparison.OrdinalIgnoreCase) || name.Equals("body", StringComparison.OrdinalIgnoreCase))
                return $"the URI sets '{name}' behind '?', which would make another request of the call";
            if (!isReplaces && CustomHeaders.WhyNot([new Contracts.SipHeader(name, value)]) is { } wrong)
                return $"behind the '?' of the URI {wrong}";
            if (isReplaces && !SipText.IsSafeHeaderValue(value))
                return "behind the '?' of the URI the value of the header 'Replaces' holds CR, LF or NUL";
        }
        return null;
    }
}
