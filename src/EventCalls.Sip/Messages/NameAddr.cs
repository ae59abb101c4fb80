namespace EventCalls.Sip.Messages;

/// <summary>The value of From, To, Contact, Route, Refer-To and their like (RFC 3261 §20.10); the spans lie in the parsed text.</summary>
public readonly ref struct NameAddr
{
    private NameAddr(ReadOnlySpan<byte> displayName, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> parameters)
    {
        DisplayName = displayName;
        Uri = uri;
        Parameters = parameters;
    }

    /// <summary>The display name as written, with its quotes and escapes; empty when there is none.</summary>
    public ReadOnlySpan<byte> DisplayName { get; }

    /// <summary>The URI without angle brackets.</summary>
    public ReadOnlySpan<byte> Uri { get; }

    /// <summary>The header parameters without the first semicolon.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>The tag parameter; empty when there is none.</summary>
    public ReadOnlySpan<byte> Tag => TryGetParameter("tag"u8, out var tag) ? tag : default;

    /// <summary>Finds a header parameter by name, in any case; a quoted value comes without its quotes.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => ParameterText.TryGet(Parameters, name, out value);

    /// <summary>
    /// Takes one value apart. Without angle brackets everything after a semicolon belongs to the header, not the URI.
    /// Display names that should have been quoted are tolerated.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddr address)
    {
        address = default;
        text = SipText.Trim(text);
        if (text.IsEmpty)
            return false;
        int open;
        if (text[0] == (byte)'"')
        {
            var endOfName = SipText.EndOfQuoted(text, 0);
            if (endOfName < 0)
                return false;
            open = endOfName;
            while (open < text.Length && SipText.IsSpace(text[open]))
                open++;
            if (open == text.Length || text[open] != (byte)'<')
                return false;
            return TryBracketed(text, text[..endOfName], open, out address);
        }
        open = text.IndexOfAny((byte)'<', (byte)';', (byte)'"');
        if (open >= 0 && text[open] == (byte)'<')
            return TryBracketed(text, SipText.TrimEnd(text[..open]), open, out address);
        if (open >= 0 && text[open] == (byte)'"')
            return false;
        var uri = open < 0 ? text : SipText.TrimEnd(text[..open]);
        // A question mark must be in brackets, otherwise nobody knows whose it is (RFC 3261 §20.10).
        if (uri.IndexOf((byte)'?') >= 0 || !LooksLikeUri(uri))
            return false;
        address = new NameAddr(default, uri, open < 0 ? default : text[(open + 1)..]);
        return true;
    }

    private static bool TryBracketed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> displayName, int open, out NameAddr address)
    {
        address = default;
        var length = text[(open + 1)..].IndexOf((byte)'>');
        if (length < 0)
            return false;
        var uri = text.Slice(open + 1, length);
        var rest = SipText.TrimStart(text[(open + length + 2)..]);
        if (!LooksLikeUri(uri) || (!rest.IsEmpty && rest[0] != (byte)';'))
            return false;
        address = new NameAddr(displayName, uri, rest.IsEmpty ? default : rest[1..]);
        return true;
    }

    private static bool LooksLikeUri(ReadOnlySpan<byte> uri) =>
        uri.IndexOf((byte)':') is var colon && colon > 0 && colon < uri.Length - 1 && uri.IndexOfAnyInRange((byte)0, (byte)' ') < 0;
}
