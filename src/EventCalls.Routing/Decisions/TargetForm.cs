using System.Buffers;

namespace EventCalls.Routing.Decisions;

/// <summary>The forms a target or a caller id may have: a number, or a <c>sip:</c>, <c>sips:</c> or <c>tel:</c> URI.</summary>
internal static class TargetForm
{
    private const int MaxLength = 512;

    // A SIP user part and the characters of its parameters (RFC 3261 §25.1), without those that end a URI in a header.
    private static readonly SearchValues<char> s_user =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()%&=+$,;?/#");

    private static readonly SearchValues<char> s_words = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~ ");

    // Anything a URI may hold (RFC 3986), without the angle brackets and quotes that would end it in a header.
    private static readonly SearchValues<char> s_uri =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%|");

    /// <summary>A number with its visual separators dropped, or the URI as it is.</summary>
    public static bool TryClean(string? value, out string clean, out string error)
    {
        clean = "";
        if (string.IsNullOrWhiteSpace(value))
        {
            error = "is missing; a number or a sip:, sips: or tel: URI is needed";
            return false;
        }

        if (value.Length > MaxLength)
        {
            error = $"is longer than {MaxLength} characters";
            return false;
        }

        int scheme = SchemeLength(value);
        if (scheme > 0)
            return TryUri(value, scheme, out clean, out error);
        if (TryNumber(value, out clean))
        {
            error = "";
            return true;
        }

        error = $"'{Shown(value)}' is neither a number (digits, +, *, #) nor a sip:, sips: or tel: URI";
        return false;
    }

    /// <summary>As <see cref="TryClean"/>, or a bare user part such as <c>reception</c>, or a URI with a display name such as <c>"Front desk" &lt;sip:+1555@example.com&gt;</c>.</summary>
    public static bool TryCleanIdentity(string value, out string clean, out string error)
    {
        if (TryClean(value, out clean, out error))
            return true;
        if (value.Length <= MaxLength && value.EndsWith('>') && value.IndexOf('<') is >= 0 and var start)
        {
            if (!IsDisplayName(value.AsSpan(0, start).Trim()))
                error = $"the display name of '{Shown(value)}' is not text in quotes, nor words of letters, digits and -.!%*_+`'~";
            else if (TryClean(value[(start + 1)..^1], out string uri, out error))
                clean = $"{value[..start]}<{uri}>";
            return clean.Length > 0;
        }
        if (SchemeLength(value) > 0 || value.Length is 0 or > MaxLength || value.AsSpan().ContainsAnyExcept(s_user))
            return false;
        clean = value;
        error = "";
        return true;
    }

    /// <summary>Foreign text for a message: control characters made visible, and cut.</summary>
    public static string Shown(string? text)
    {
        text ??= "";
        string cut = text.Length <= 80 ? text : text[..80] + "…";
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? $"\\x{(int)c:X2}" : c.ToString())) : cut;
    }

    // RFC 3261 §25.1: *(token LWS), or a quoted string.
    private static bool IsDisplayName(ReadOnlySpan<char> name)
    {
        if (name is not ['"', .. var text, '"'])
            return !name.ContainsAnyExcept(s_words);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] == '"' || (text[i] == '\\' && ++i == text.Length))
                return false;
        }
        return true;
    }

    private static int SchemeLength(string value) =>
        value.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || value.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? 4
        : value.StartsWith("sips:", StringComparison.OrdinalIgnoreCase) ? 5
        : 0;

    private static bool TryUri(string value, int scheme, out string clean, out string error)
    {
        clean = value;
        int bad = value.AsSpan().IndexOfAnyExcept(s_uri);
        if (bad >= 0)
        {
            error = $"'{Shown(value)}' holds a character no URI may hold, at {bad + 1}";
            return false;
        }

        var rest = value.AsSpan(scheme);
        if (value[0] is 't' or 'T')
        {
            var digits = rest[..(rest.IndexOf(';') is var end and >= 0 ? end : rest.Length)];
            error = TryNumber(digits.ToString(), out _) ? "" : $"'{Shown(value)}' holds no number";
            return error.Length == 0;
        }

        // The first '@' ends the user part, as whoever sends the request reads it too (RFC 3261 §25.1: a host holds none).
        int at = rest.IndexOf('@');
        if (at >= 0 && rest[..at].IndexOfAny('?', '#') >= 0)
        {
            error = $"'{Shown(value)}' has a '?' or '#' in its user part; write %3F or %23";
            return false;
        }

        var host = rest[(at + 1)..];
        int hostEnd = host.IndexOfAny(';', '?');
        if (hostEnd >= 0)
            host = host[..hostEnd];
        error = IsHostPort(host) ? "" : $"'{Shown(value)}' has no valid host";
        return error.Length == 0;
    }

    private static bool IsHostPort(ReadOnlySpan<char> host)
    {
        int nameEnd = host.Length > 0 && host[0] == '[' ? host.IndexOf(']') + 1 : host.IndexOf(':') is var colon and >= 0 ? colon : host.Length;
        if (nameEnd <= 0)
            return false;
        var name = host[..nameEnd];
        var port = host[nameEnd..];
        if (!port.IsEmpty && !(port[0] == ':' && ushort.TryParse(port[1..], System.Globalization.NumberStyles.None, null, out ushort p) && p > 0))
            return false;
        if (name[0] == '[')
            return System.Net.IPAddress.TryParse(name[1..^1], out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        }

        return true;
    }

    private static bool TryNumber(string value, out string clean)
    {
        clean = "";
        bool plain = true, digit = false;
        foreach (char c in value)
        {
            if (char.IsAsciiDigit(c) || c is '*' or '#')
                digit = true;
            else if (c is ' ' or '-' or '.' or '(' or ')' or '/')
                plain = false;
            else if (c != '+')
                return false;
        }

        if (!digit)
            return false;
        clean = plain ? value : string.Concat(value.Where(c => c is not (' ' or '-' or '.' or '(' or ')' or '/')));
        return clean.LastIndexOf('+') <= 0;
    }
}
