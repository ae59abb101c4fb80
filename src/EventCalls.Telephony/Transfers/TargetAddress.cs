using System.Buffers;
using System.Globalization;
using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony;

/// <summary>Reads what logic gives as a target: a number, or a sip or tel URI. Nothing that could break out of a header gets through.</summary>
internal static class TargetAddress
{
    private const int MostBytes = 1024;

    // What a URI is written with (RFC 3986 §2): no blanks, quotes, angle brackets, controls or letters beyond ASCII.
    private static readonly SearchValues<char> s_uriChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    // What a user part may hold unescaped, without what separates parameters and headers for readers less strict (RFC 3261 §25.1).
    private static readonly SearchValues<char> s_userChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,/");

    /// <summary>The number as dialled, for a number or a tel URI; false for anything else.</summary>
    public static bool TryNumber(string text, out string number)
    {
        number = "";
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (!Encoding.UTF8.TryGetBytes(text, bytes, out int length) || length == 0)
            return false;
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            if (text.AsSpan().IndexOfAnyExcept(s_uriChars) >= 0)
                return false;
            number = Numbers.OfUri(bytes[..length]);
        }
        else if (Numbers.IsDialString(bytes[..length]))
        {
            var plain = new StringBuilder(length);
            foreach (char c in text)
            {
                if (char.IsAsciiDigit(c) || c is '+' or '*' or '#')
                    plain.Append(c);
            }
            number = plain.ToString();
        }
        return number.Length > 0;
    }

    /// <summary>The number or name as the user part of a sip URI, escaped where the grammar asks for it (RFC 3261 §25.1).</summary>
    public static string AsUser(string user)
    {
        if (user.AsSpan().IndexOfAnyExcept(s_userChars) < 0)
            return user;
        var escaped = new StringBuilder(user.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(user))
        {
            if (b < 0x80 && s_userChars.Contains((char)b))
                escaped.Append((char)b);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return escaped.ToString();
    }

    /// <summary>Whether the text can stand as the user part of a URI as it is: a name such as <c>reception</c>.</summary>
    public static bool IsUser(string text) => text.Length is > 0 and <= MostBytes && text.AsSpan().IndexOfAnyExcept(s_userChars) < 0;

    /// <summary>Whether the text is a whole sip URI that can be sent as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isDialledHere">Whether we send a request there: then it has no headers and asks for no TLS. Otherwise others will dial it.</param>
    /// <param name="whyNot">The reason.</param>
    public static bool IsSipUri(string text, bool isDialledHere, out string? whyNot)
    {
        whyNot = null;
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (text.AsSpan().IndexOfAnyExcept(s_uriChars) >= 0)
            whyNot = $"'{CustomHeaders.Shown(text)}' holds characters that a URI cannot have";
        else if (!Encoding.UTF8.TryGetBytes(text, bytes, out int length))
            whyNot = "the URI is too long";
        else if (!SipUri.TryParse(bytes[..length], out var uri) || uri.Scheme is UriScheme.Other or UriScheme.Tel)
            whyNot = $"'{text}' is neither a number nor a SIP URI";
        else if (isDialledHere && uri.Scheme == UriScheme.Sips)
            whyNot = $"'{text}' asks for TLS, which is not served";
        else if (isDialledHere && !uri.Headers.IsEmpty)
            whyNot = $"'{text}' has headers behind '?', which a request URI cannot have";
        return whyNot is null;
    }

    /// <summary>The URI without parameters and headers, for From, To and identities (RFC 3261 table 1).</summary>
    public static string WithoutParameters(string uri)
    {
        int from = uri.IndexOf('@') + 1;
        int end = uri.AsSpan(from).IndexOfAny(';', '?');
        return end < 0 ? uri : uri[..(from + end)];
    }
}
