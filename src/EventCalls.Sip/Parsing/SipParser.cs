using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Parses one whole SIP message (RFC 3261 §7, §25); it never throws, whatever the bytes are.</summary>
public static class SipParser
{
    /// <summary>The most bytes a message may have.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>The most header fields a message may have.</summary>
    public const int MostHeaders = 256;

    /// <summary>
    /// Fills <paramref name="into"/> as a view over <paramref name="buffer"/>. Bytes after Content-Length are ignored, a missing
    /// Content-Length means up to the end. After an error, what could be read is there, and <see cref="SipMessage.CanRespond"/> tells
    /// whether it is enough for a response with the status of <see cref="StatusOf"/>.
    /// </summary>
    public static SipParseError Parse(ReadOnlyMemory<byte> buffer, SipMessage into)
    {
        into.Reset(buffer);
        if (buffer.Length > MostBytes)
            return SipParseError.TooLarge;
        var bytes = into.Raw;
        var start = 0;
        while (start < bytes.Length && bytes[start] is (byte)'\r' or (byte)'\n')
            start++;
        if (start > 0)
        {
            into.SkipStart(start);
            bytes = into.Raw;
        }
        var error = StartLineParser.Parse(bytes, into, out var end);
        if (error == SipParseError.NotSip)
            return error;
        int headers = end;
        error = First(error, HeaderParser.Parse(bytes, headers, into, out end));
        if (bytes[headers..end].Contains((byte)0))
            error = First(error, NulCheck.Of(into));
        error = First(error, FieldParser.Parse(bytes, end, into));
        return error;
    }

    /// <summary>The error in a few words that can be sent as a reason phrase.</summary>
    public static string Explain(SipParseError error) => error switch
    {
        SipParseError.None => "OK",
        SipParseError.NotSip => "Not a SIP Message",
        SipParseError.Incomplete => "Header Not Ended by a Blank Line",
        SipParseError.BadStartLine => "Malformed Start Line",
        SipParseError.UnsupportedVersion => "Version Not Supported",
        SipParseError.BadUri => "Malformed Request-URI",
        SipParseError.BadHeader => "Malformed Header Line",
        SipParseError.TooManyHeaders => "Too Many Header Fields",
        SipParseError.TooLarge => "Message Too Large",
        SipParseError.MissingHeader => "Missing Via, From, To, Call-ID or CSeq",
        SipParseError.DuplicateHeader => "Header Field Not Allowed Twice",
        SipParseError.BadCallId => "Malformed Call-ID",
        SipParseError.BadCSeq => "Malformed CSeq",
        SipParseError.CSeqMethodMismatch => "CSeq Method Is Not the Request Method",
        SipParseError.BadVia => "Malformed Via",
        SipParseError.BadFrom => "Malformed From",
        SipParseError.BadTo => "Malformed To",
        SipParseError.BadMaxForwards => "Malformed Max-Forwards",
        SipParseError.BadContentLength => "Malformed Content-Length",
        SipParseError.BadContentType => "Malformed Content-Type",
        SipParseError.BodyTooShort => "Body Shorter Than Content-Length",
        _ => "Bad Request",
    };

    /// <summary>The status a request with this error is answered with.</summary>
    public static int StatusOf(SipParseError error) => error switch
    {
        SipParseError.UnsupportedVersion => 505,
        SipParseError.TooManyHeaders or SipParseError.TooLarge => 513,
        _ => 400,
    };

    private static SipParseError First(SipParseError earlier, SipParseError later) => earlier != SipParseError.None ? earlier : later;
}
