using System.Buffers;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>Reads the caller's and the dialled number out of an INVITE by the rule of <c>docs/numbers.md</c>.</summary>
public static class Numbers
{
    private const int MostEscapedBytes = 512;

    // RFC 3261 §25.1.
    private static readonly SearchValues<byte> s_unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"u8);

    /// <summary>P-Asserted-Identity, else Remote-Party-ID, else From; empty when the caller withheld it.</summary>
    public static string Caller(SipMessage invite)
    {
        if (IsWithheld(invite))
            return "";
        foreach (var value in invite.Values(HeaderId.PAssertedIdentity))
        {
            if (OfAddress(value) is { Length: > 0 } asserted)
                return asserted;
        }
        foreach (var value in invite.Values(HeaderId.RemotePartyId))
        {
            if (!IsCallingParty(value, out var party))
                continue;
            if (IsPrivate(party))
                return "";
            if (OfUri(party.Uri) is { Length: > 0 } number)
                return number;
        }
        return OfAddress(invite.From);
    }

    /// <summary>The user of the request URI, else of To.</summary>
    public static string Callee(SipMessage invite) =>
        OfUri(invite.RequestUri) is { Length: > 0 } dialled ? dialled : OfAddress(invite.To);

    /// <summary>Whether a Privacy header asks that the caller be not shown (RFC 3323 §4.2, RFC 3325 §9.3).</summary>
    public static bool IsWithheld(SipMessage invite)
    {
        foreach (var field in invite.Values(HeaderId.Privacy))
        {
            // The values are separated by semicolons, and some senders use commas.
            for (var rest = field; !rest.IsEmpty;)
            {
                int end = rest.IndexOfAny((byte)';', (byte)',');
                var value = (end < 0 ? rest : rest[..end]).Trim((byte)' ');
                rest = end < 0 ? default : rest[(end + 1)..];
                if (SipText.EqualsIgnoreCase(value, "id"u8) || SipText.EqualsIgnoreCase(value, "user"u8) || SipText.EqualsIgnoreCase(value, "header"u8))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether a URI says that it is nobody's: its user is <c>anonymous</c> or the like, or its host is <c>anonymous.invalid</c>.</summary>
    public static bool IsAnonymousUri(ReadOnlySpan<byte> text) =>
        SipUri.TryParse(text, out var uri) && (IsAnonymous(uri.User) || SipText.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8));

    /// <summary>Whether a Remote-Party-ID is about the caller.</summary>
    public static bool IsCallingParty(ReadOnlySpan<byte> value, out NameAddr party) =>
        NameAddr.TryParse(value, out party) && (!party.TryGetParameter("party"u8, out var which) || SipText.EqualsIgnoreCase(which, "calling"u8));

    /// <summary>Whether a Remote-Party-ID asks that its number be not shown.</summary>
    public static bool IsPrivate(NameAddr party) =>
        party.TryGetParameter("privacy"u8, out var privacy) && (SipText.EqualsIgnoreCase(privacy, "full"u8) || SipText.EqualsIgnoreCase(privacy, "uri"u8));

    /// <summary>The number, or else the user part with the escapes that it needs as written, of a URI; empty when it has none or says that it is anonymous.</summary>
    public static string OfUri(ReadOnlySpan<byte> text)
    {
        if (!SipUri.TryParse(text, out var uri) || uri.User.IsEmpty)
            return "";
        var user = uri.User;
        bool isTel = uri.Scheme == UriScheme.Tel;
        if (!isTel && user.IndexOf((byte)';') is >= 0 and var parameters)
            user = user[..parameters];
        if (user.Length > MostEscapedBytes)
            return SipText.Get(user);
        Span<byte> room = stackalloc byte[MostEscapedBytes];
        var decoded = room[..Unescape(user, room)];
        if (IsAnonymous(decoded) || SipText.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8))
            return "";
        if (IsDialString(decoded))
            return SipText.Get(DropSeparators(decoded));
        // Escapes stay as written in whatever is no number, where they could make another URI of it when it becomes part of one; those of characters that are written
        // without are the same as those (RFC 3261 §19.1.4).
        bool isPhone = isTel || (uri.TryGetParameter("user"u8, out var kind) && SipText.EqualsIgnoreCase(kind, "phone"u8));
        var plain = room[..Unescape(user, room, isUnreservedAlone: true)];
        return SipText.Get(!isPhone || plain.Contains((byte)'%') ? plain : DropSeparators(plain));
    }

    /// <summary>Whether the text is a number as people write it: digits, <c>*</c>, <c>#</c>, visual separators, perhaps a leading plus.</summary>
    public static bool IsDialString(ReadOnlySpan<byte> text)
    {
        bool digit = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit((char)text[i]))
                digit = true;
            else if (text[i] is not ((byte)'*' or (byte)'#') && !IsSeparator(text[i]) && (i > 0 || text[i] != (byte)'+'))
                return false;
        }
        return digit;
    }

    private static string OfAddress(ReadOnlySpan<byte> value) => NameAddr.TryParse(value, out var address) ? OfUri(address.Uri) : "";

    private static bool IsAnonymous(ReadOnlySpan<byte> user) =>
        SipText.EqualsIgnoreCase(user, "anonymous"u8)
        || SipText.EqualsIgnoreCase(user, "restricted"u8)
        || SipText.EqualsIgnoreCase(user, "private"u8)
        || SipText.EqualsIgnoreCase(user, "unavailable"u8);

    // RFC 3966 §5.1.1; blanks are not in its grammar, but come as %20.
    private static bool IsSeparator(byte b) => b is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')' or (byte)' ';

    private static Span<byte> DropSeparators(Span<byte> text)
    {
        int length = 0;
        foreach (byte b in text)
        {
            if (!IsSeparator(b))
                text[length++] = b;
        }
        return text[..length];
    }

    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> plain, bool isUnreservedAlone = false)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == (byte)'%' && i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low && (!isUnreservedAlone || s_unreserved.Contains((byte)(high << 4 | low))))
            {
                b = (byte)(high << 4 | low);
                i += 2;
            }
            plain[length++] = b;
        }
        return length;
    }

    private static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
