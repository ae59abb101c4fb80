namespace EventCalls.Sip.Messages;

/// <summary>A URI taken apart (RFC 3261 §19.1, RFC 3966); the spans lie in the text it was parsed from.</summary>
public readonly ref struct SipUri
{
    private SipUri(UriScheme scheme, ReadOnlySpan<byte> user, ReadOnlySpan<byte> host, int port, bool isIPv6, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> headers)
    {
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        IsIPv6 = isIPv6;
        Parameters = parameters;
        Headers = headers;
    }

    public UriScheme Scheme { get; }

    /// <summary>The user as written, escapes included, without password; the number of a tel URI.</summary>
    public ReadOnlySpan<byte> User { get; }

    /// <summary>The host as written, an IPv6 address without its brackets; empty for tel and unknown schemes.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>Whether the host was an IPv6 address in brackets.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The port, or -1 when none is written.</summary>
    public int Port { get; }

    /// <summary>The parameters without the first semicolon.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>What follows the question mark.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    /// <summary>Finds a URI parameter by name, in any case; one without value gives an empty value.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => ParameterText.TryGet(Parameters, name, out value);

    /// <summary>Takes a URI apart; false when it is none, or a sip, sips or tel URI with a broken part.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        var colon = text.IndexOf((byte)':');
        // Brackets and quotes stand around a URI, never in it (RFC 3986 §2): what is parsed here can be written as it is.
        if (colon <= 0 || colon == text.Length - 1 || text.IndexOfAnyInRange((byte)0, (byte)' ') >= 0 || text.IndexOfAny((byte)'<', (byte)'>', (byte)'"') >= 0)
            return false;
        var scheme = SchemeOf(text[..colon]);
        var rest = text[(colon + 1)..];
        switch (scheme)
        {
            case UriScheme.Sip or UriScheme.Sips:
                return TryParseSip(scheme, rest, out uri);
            case UriScheme.Tel:
                var end = rest.IndexOf((byte)';');
                var number = end < 0 ? rest : rest[..end];
                uri = new SipUri(scheme, number, default, -1, false, end < 0 ? default : rest[(end + 1)..], default);
                return !number.IsEmpty;
            default:
                uri = new SipUri(scheme, default, default, -1, false, default, default);
                return IsScheme(text[..colon]);
        }
    }

    private static bool TryParseSip(UriScheme scheme, ReadOnlySpan<byte> rest, out SipUri uri)
    {
        uri = default;
        ReadOnlySpan<byte> user = default;
        // The user may hold ; and ? as they are, so the @ is looked for first (RFC 4475 §3.1.1.9).
        var at = rest.IndexOf((byte)'@');
        if (at >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            var password = user.IndexOf((byte)':');
            if (password >= 0)
                user = user[..password];
            if (user.IsEmpty)
                return false;
        }
        ReadOnlySpan<byte> parameters = default;
        ReadOnlySpan<byte> headers = default;
        var host = rest;
        var end = rest.IndexOfAny((byte)';', (byte)'?');
        if (end >= 0)
        {
            host = rest[..end];
            parameters = rest[(end + 1)..];
            if (rest[end] == (byte)'?')
            {
                headers = parameters;
                parameters = default;
            }
            else if (parameters.IndexOf((byte)'?') is var question and >= 0)
            {
                headers = parameters[(question + 1)..];
                parameters = parameters[..question];
            }
        }
        if (!HostPort.TryParse(host, out var name, out var port, out var isIPv6))
            return false;
        uri = new SipUri(scheme, user, name, port, isIPv6, parameters, headers);
        return true;
    }

    private static UriScheme SchemeOf(ReadOnlySpan<byte> scheme)
    {
        if (scheme.Length == 3)
            return SipText.EqualsIgnoreCase(scheme, "sip"u8) ? UriScheme.Sip : SipText.EqualsIgnoreCase(scheme, "tel"u8) ? UriScheme.Tel : UriScheme.Other;
        return scheme.Length == 4 && SipText.EqualsIgnoreCase(scheme, "sips"u8) ? UriScheme.Sips : UriScheme.Other;
    }

    private static bool IsScheme(ReadOnlySpan<byte> scheme)
    {
        if (!char.IsAsciiLetter((char)scheme[0]))
            return false;
        foreach (var b in scheme)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'+' or (byte)'-' or (byte)'.'))
                return false;
        }
        return true;
    }
}
