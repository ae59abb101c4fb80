using System.Globalization;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Transfers;

/// <summary>Reads Retry-After (RFC 3261 §20.33).</summary>
internal static class RetryAfter
{
    /// <summary>The seconds it says, whatever comment or parameter follows; null when there is none.</summary>
    public static int? SecondsOf(SipMessage response)
    {
        if (ReceivedFacts.Text(response, HeaderId.RetryAfter) is not { } after)
            return null;
        int digits = 0;
        while (digits < after.Length && char.IsAsciiDigit(after[digits]))
            digits++;
        return int.TryParse(after.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : null;
    }
}
