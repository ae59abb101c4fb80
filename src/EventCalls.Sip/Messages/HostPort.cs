using System.Buffers;

namespace EventCalls.Sip.Messages;

/// <summary>Reads <c>host[:port]</c> with IPv6 references in brackets (RFC 3261 §25.1, RFC 5118).</summary>
internal static class HostPort
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    private static readonly SearchValues<byte> IPv6Bytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Takes the text apart; the port is -1 when there is none, brackets are kept off the host.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port, out bool isIPv6)
    {
        host = default;
        port = -1;
        isIPv6 = false;
        if (text.IsEmpty)
            return false;
        ReadOnlySpan<byte> rest;
        if (text[0] == (byte)'[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 3 || text[1..close].IndexOfAnyExcept(IPv6Bytes) >= 0)
                return false;
            isIPv6 = true;
            host = text[1..close];
            rest = SipText.TrimStart(text[(close + 1)..]);
        }
        else
        {
            var end = text.IndexOfAnyExcept(NameBytes);
            if (end == 0)
                return false;
            host = end < 0 ? text : text[..end];
            rest = end < 0 ? default : SipText.TrimStart(text[end..]);
        }
        if (rest.IsEmpty)
            return true;
        if (rest[0] != (byte)':' || !SipText.TryDecimal(SipText.TrimStart(rest[1..]), 65535, out var number))
            return false;
        port = (int)number;
        return true;
    }
}
