using System.Buffers.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>Reads what a registrar says about times (RFC 3261 §10.2.4, §10.3, §20.23).</summary>
internal static class RegisterAnswer
{
    /// <summary>The seconds that a header says, whatever comment or parameter follows; null when it says none.</summary>
    public static int? Seconds(SipMessage response, HeaderId header) => response.Has(header) ? Seconds(response.Header(header)) : null;

    /// <summary>For how long our Contact is registered, seconds: as it says of the Contact, else of all, else as we asked. 0: not at all.</summary>
    public static int GrantedSeconds(SipMessage response, ReadOnlySpan<byte> contact, int asked)
    {
        int count = 0;
        int? only = null;
        foreach (var value in response.Values(HeaderId.Contact))
        {
            if (!NameAddr.TryParse(value, out var address))
                continue;
            int? seconds = address.TryGetParameter("expires"u8, out var expires) ? Seconds(expires) : null;
            if (IsSame(address.Uri, contact))
                return seconds ?? Seconds(response, HeaderId.Expires) ?? asked;
            count++;
            only = seconds;
        }
        // Registrars that see through a translation of addresses write the address they see: the only Contact is ours all the same.
        return (count == 1 ? only : null) ?? Seconds(response, HeaderId.Expires) ?? asked;
    }

    private static int? Seconds(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(SipText.Trim(text), out uint seconds, out _) ? (int)Math.Min(seconds, int.MaxValue) : null;

    private static bool IsSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        SipUri.TryParse(one, out var a) && SipUri.TryParse(other, out var b)
        && a.User.SequenceEqual(b.User) && SipText.EqualsIgnoreCase(a.Host, b.Host) && a.Port == b.Port;
}
