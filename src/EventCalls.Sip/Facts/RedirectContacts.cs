using System.Globalization;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>The Contacts of a 3xx: where a caller may try next (RFC 3261 §8.1.3.4, §20.10).</summary>
public static class RedirectContacts
{
    private const int Most = 8;

    /// <summary>The URIs, those of the highest <c>q</c> first and else in their order; values that hold no URI are passed over.</summary>
    public static IReadOnlyList<string> Of(SipMessage response)
    {
        var found = new List<(double Q, string Uri)>();
        foreach (var contact in response.Values(HeaderId.Contact))
        {
            if (found.Count == Most)
                break;
            if (NameAddr.TryParse(contact, out var address) && SipUri.TryParse(address.Uri, out _))
                found.Add((QOf(address), SipText.Get(address.Uri)));
        }
        return [.. found.OrderByDescending(c => c.Q).Select(c => c.Uri)];
    }

    private static double QOf(in NameAddr contact) =>
        contact.TryGetParameter("q"u8, out var q) && double.TryParse(q, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? Math.Clamp(value, 0, 1) : 1;
}
