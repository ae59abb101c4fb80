namespace EventCalls.Sip.Parsing;

/// <summary>Why a message could not be parsed.</summary>
public enum SipParseError : byte
{
    None,

    /// <summary>Nothing that begins like a SIP message: a keep-alive, another protocol, noise.</summary>
    NotSip,

    /// <summary>The bytes end before the blank line that ends the header.</summary>
    Incomplete,
    BadStartLine,
    UnsupportedVersion,
    BadUri,
    BadHeader,
    TooManyHeaders,
    TooLarge,
    MissingHeader,
    DuplicateHeader,
    BadCallId,
    BadCSeq,
    CSeqMethodMismatch,
    BadVia,
    BadFrom,
    BadTo,
    BadMaxForwards,
    BadContentLength,
    BadContentType,

    /// <summary>Content-Length promises more bytes than there are.</summary>
    BodyTooShort,
}
