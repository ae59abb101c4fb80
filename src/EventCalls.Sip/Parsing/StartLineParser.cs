using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Reads the request line or the status line (RFC 3261 §7.1, §7.2).</summary>
internal static class StartLineParser
{
    internal static SipParseError Parse(ReadOnlySpan<byte> bytes, SipMessage into, out int end)
    {
        var lineFeed = bytes.IndexOf((byte)'\n');
        end = lineFeed < 0 ? bytes.Length : lineFeed + 1;
        var length = lineFeed < 0 ? bytes.Length : lineFeed;
        if (length > 0 && bytes[length - 1] == (byte)'\r')
            length--;
        var line = bytes[..length];
        if (line.Length >= 5 && SipText.EqualsIgnoreCase(line[..4], "SIP/"u8))
            return Status(line, into, lineFeed);
        return Request(line, into, lineFeed);
    }

    private static SipParseError Status(ReadOnlySpan<byte> line, SipMessage into, int lineFeed)
    {
        into.StartLineSlice = new Slice(0, line.Length);
        var space = line.IndexOf((byte)' ');
        if (space < 0)
            return SipParseError.BadStartLine;
        if (!IsVersion2(line[..space]))
            return SipParseError.UnsupportedVersion;
        var rest = line[(space + 1)..];
        if (rest.Length < 3 || !SipText.TryDecimal(rest[..3], 699, out var status) || status < 100)
            return SipParseError.BadStartLine;
        if (rest.Length > 3 && rest[3] != (byte)' ')
            return SipParseError.BadStartLine;
        into.StatusCode = (int)status;
        into.ReasonSlice = rest.Length > 4 ? new Slice(space + 5, rest.Length - 4) : default;
        return lineFeed < 0 ? SipParseError.Incomplete : SipParseError.None;
    }

    private static SipParseError Request(ReadOnlySpan<byte> line, SipMessage into, int lineFeed)
    {
        var methodEnd = line.IndexOfAnyExcept(SipText.TokenBytes);
        if (methodEnd <= 0 || line[methodEnd] != (byte)' ')
            return SipParseError.NotSip;
        var trimmed = SipText.TrimEnd(line);
        var versionStart = trimmed.LastIndexOf((byte)' ') + 1;
        var version = trimmed[versionStart..];
        if (version.Length < 5 || !SipText.EqualsIgnoreCase(version[..4], "SIP/"u8) || versionStart <= methodEnd)
            return SipParseError.NotSip;
        into.StartLineSlice = new Slice(0, line.Length);
        into.IsRequest = true;
        into.MethodSlice = new Slice(0, methodEnd);
        into.Method = SipMethods.Of(line[..methodEnd]);
        var uriStart = methodEnd + 1;
        var uriLength = versionStart - 1 - uriStart;
        if (uriLength <= 0 || trimmed.Length != line.Length)
            return SipParseError.BadStartLine;
        var uri = line.Slice(uriStart, uriLength);
        into.UriSlice = new Slice(uriStart, uriLength);
        if (uri[0] == (byte)' ' || uri[^1] == (byte)' ')
            return SipParseError.BadStartLine;
        if (!IsVersion2(version))
            return SipParseError.UnsupportedVersion;
        // Headers are not allowed in a Request-URI (RFC 3261 §19.1.1).
        if (!SipUri.TryParse(uri, out var parsed) || !parsed.Headers.IsEmpty)
            return SipParseError.BadUri;
        return lineFeed < 0 ? SipParseError.Incomplete : SipParseError.None;
    }

    private static bool IsVersion2(ReadOnlySpan<byte> version) => version.Length == 7 && SipText.EqualsIgnoreCase(version, "SIP/2.0"u8);
}
