using System.Buffers;
using System.Globalization;
using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Dialling;

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

    private static readonly SearchValues<char> s_userParameterChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,/;");

    /// <summary>The number as dialled, for a number or a tel URI, without the URI's parameters; false for anything else.</summary>
    public static bool TryNumber(string text, out string number)
    {
        bool isNumber = DialledNumber.TryParse(text, out var dialled);
        number = isNumber ? dialled.Number : "";
        return isNumber;
    }

    /// <summary>The number or name as the user part of a sip URI, escaped where the grammar asks for it (RFC 3261 §19.1.2); escapes that are there stay.</summary>
    public static string AsUser(string user) => Escaped(user, s_userChars);

    /// <summary>The parameters of a tel URI within a user part (RFC 3261 §19.1.6).</summary>
    public static string AsUserParameters(string parameters) => Escaped(parameters, s_userParameterChars);

    /// <summary>Whether the text can stand as the user part of a URI as it is: a name such as <c>reception</c>.</summary>
    public static bool IsUser(string text)
    {
        if (text.Length is 0 or > MostBytes)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
                i += 2;
            else if (!s_userChars.Contains(text[i]))
                return false;
        }
        return true;
    }

    /// <summary>Whether the text is a whole sip URI that can be sent as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isDialledHere">Whether we send a request there: then it has no headers. Otherwise others will dial it.</param>
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
        else if (uri.User.Contains((byte)'?') || uri.User.Contains((byte)'#'))
            whyNot = $"'{text}' has a '?' or '#' in its user part, which some read as its end; write %3F or %23";
        else if (isDialledHere && !uri.Headers.IsEmpty)
            whyNot = $"'{text}' has headers behind '?', which a request URI cannot have";
        else if (uri.TryGetParameter("method"u8, out var method) && !SipText.EqualsIgnoreCase(method, "INVITE"u8))
            whyNot = $"'{text}' asks for another method than INVITE, which is no call";
        else
            whyNot = UriParameters.WhyNot(uri.Parameters) ?? UriHeaders.WhyNot(uri.Headers);
        return whyNot is null;
    }

    /// <summary>The URI without parameters and headers, for From, To and identities (RFC 3261 table 1).</summary>
    public static string WithoutParameters(string uri)
    {
        int from = uri.IndexOf('@') + 1;
        int end = uri.AsSpan(from).IndexOfAny(';', '?');
        return end < 0 ? uri : uri[..(from + end)];
    }

    private static string Escaped(string text, SearchValues<char> plain)
    {
        if (text.AsSpan().IndexOfAnyExcept(plain) < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            if (plain.Contains(text[i]) || IsEscape(text, i))
            {
                escaped.Append(text[i]);
                continue;
            }
            // The two halves of a character beyond the first plane are one text.
            int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            foreach (byte b in Encoding.UTF8.GetBytes(text.Substring(i, length)))
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            i += length - 1;
        }
        return escaped.ToString();
    }

    private static bool IsEscape(string text, int at) =>
        text[at] == '%' && at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
}
