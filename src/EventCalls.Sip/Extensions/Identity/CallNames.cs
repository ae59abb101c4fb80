using System.Text;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Identity;

/// <summary>Whom an INVITE says that it is from and for, in the form in which these are compared with a signature (RFC 8224 §8.3, §8.5).</summary>
/// <param name="Caller">The names of P-Asserted-Identity, or without one that of From.</param>
/// <param name="Called">The names of To and of the request URI.</param>
public sealed record CallNames(IReadOnlyList<string> Caller, IReadOnlyList<string> Called)
{
    /// <summary>Those of an INVITE.</summary>
    public static CallNames Of(SipMessage invite)
    {
        ArgumentNullException.ThrowIfNull(invite);
        var caller = new List<string>(2);
        foreach (var value in invite.Values(HeaderId.PAssertedIdentity))
            Add(caller, value);
        if (caller.Count == 0)
            Add(caller, invite.From);
        var called = new List<string>(2);
        Add(called, invite.To);
        if (OfUri(invite.RequestUri) is { } dialled && !called.Contains(dialled))
            called.Add(dialled);
        return new CallNames(caller, called);
    }

    /// <summary>The form of a number or URI as a PASSporT writes it; null when it is neither.</summary>
    public static string? OfClaim(string claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.Contains(':', StringComparison.Ordinal) ? OfUri(Encoding.UTF8.GetBytes(claim)) : OfNumber(claim);
    }

    private static void Add(List<string> names, ReadOnlySpan<byte> value)
    {
        if (NameAddr.TryParse(value, out var address) && OfUri(address.Uri) is { } name && !names.Contains(name))
            names.Add(name);
    }

    /// <summary>The number of a URI, else its user and host.</summary>
    private static string? OfUri(ReadOnlySpan<byte> text)
    {
        if (!SipUri.TryParse(text, out var uri) || uri.Scheme == UriScheme.Other)
            return null;
        string user = Numbers.OfUri(text);
        return OfNumber(user) ?? (user.Length > 0 && !uri.Host.IsEmpty ? $"{user}@{SipText.Get(uri.Host).ToLowerInvariant()}" : null);
    }

    private static string? OfNumber(string number)
    {
        var digits = new StringBuilder(number.Length);
        foreach (char c in number)
        {
            if (char.IsAsciiDigit(c) || c is '*' or '#')
                digits.Append(c);
            else if (!(c == '+' && digits.Length == 0) && c is not ('-' or '.' or '(' or ')' or ' '))
                return null;
        }
        return digits.Length > 0 ? digits.ToString() : null;
    }
}
