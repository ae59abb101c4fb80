using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>Who calls, as an INVITE says it: the number and the name that belong together, who vouches for them, and whether they may be shown (RFC 3323, RFC 3325).</summary>
internal sealed record CallerIdentity
{
    private string[] _numbers = [];

    /// <summary>The number or user; empty when nobody says one.</summary>
    public string Number { get; private init; } = "";

    /// <summary>The display name that came with the number, ready to be sent; null for none.</summary>
    public string? Display { get; private init; }

    /// <summary>Whether the network vouches for both, and not only the caller itself.</summary>
    public bool IsAsserted { get; private init; }

    /// <summary>The other identity the network asserts, a sip or tel URI (RFC 3325 §9.1); null for none.</summary>
    public string? Also { get; private init; }

    /// <summary>Whether the caller does not want to be shown: by Privacy, by Remote-Party-ID, or because From itself is anonymous.</summary>
    public bool IsWithheld { get; private init; }

    /// <summary>Reads it out of an INVITE, by the rule of <c>docs/numbers.md</c>.</summary>
    public static CallerIdentity Of(SipMessage invite)
    {
        bool hasFrom = NameAddr.TryParse(invite.From, out var from);
        string own = hasFrom ? Numbers.OfUri(from.Uri) : "";
        bool isWithheld = Numbers.IsWithheld(invite) || (hasFrom && Numbers.IsAnonymousUri(from.Uri));
        var identity = OfNetwork(invite, ref isWithheld) ?? new CallerIdentity { Number = own, Display = hasFrom ? Shown(from.DisplayName) : null };
        return identity with { IsWithheld = isWithheld, _numbers = isWithheld ? [identity.Number, own, identity.Also ?? ""] : [] };
    }

    /// <summary>Whether a number that somebody wants to show is one by which this caller, who does not want to be shown, is known.</summary>
    public bool Hides(string number)
    {
        string digits = Digits(number);
        return digits.Length > 0 && Array.Exists(_numbers, n => Digits(n) == digits);
    }

    private static CallerIdentity? OfNetwork(SipMessage invite, ref bool isWithheld)
    {
        CallerIdentity? found = null;
        bool isTel = false;
        foreach (var value in invite.Values(HeaderId.PAssertedIdentity))
        {
            if (!NameAddr.TryParse(value, out var address) || !SipUri.TryParse(address.Uri, out var uri) || uri.Scheme == UriScheme.Other)
                continue;
            if (found is not null)
            {
                // One sip and one tel identity may be asserted together; more is nobody's to pass on.
                if (isTel != (uri.Scheme == UriScheme.Tel))
                    return found with { Also = SipText.Get(address.Uri) };
                continue;
            }
            if (Numbers.OfUri(address.Uri) is not { Length: > 0 } number)
                continue;
            isTel = uri.Scheme == UriScheme.Tel;
            found = new CallerIdentity { Number = number, Display = Shown(address.DisplayName), IsAsserted = true };
        }
        if (found is not null)
            return found;
        foreach (var value in invite.Values(HeaderId.RemotePartyId))
        {
            if (!Numbers.IsCallingParty(value, out var party))
                continue;
            isWithheld |= Numbers.IsPrivate(party);
            if (Numbers.OfUri(party.Uri) is { Length: > 0 } number)
                return new CallerIdentity { Number = number, Display = Shown(party.DisplayName), IsAsserted = true };
        }
        return null;
    }

    private static string? Shown(ReadOnlySpan<byte> display)
    {
        if (display.IsEmpty)
            return null;
        string text = SipText.Unfold(display);
        if (!SipText.IsSafeHeaderValue(text))
            return null;
        return text.StartsWith('"') ? text : $"\"{text.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal)}\"";
    }

    private static string Digits(string number)
    {
        int user = number.IndexOf(':') + 1;
        int end = number.AsSpan(user).IndexOfAny(';', '@');
        return string.Concat(number.AsSpan(user, end < 0 ? number.Length - user : end).ToString().Where(char.IsAsciiLetterOrDigit));
    }
}
