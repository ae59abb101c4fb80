namespace EventCalls.Sip.Parsing;

/// <summary>Why a stream of messages cannot be read on.</summary>
public enum StreamError : byte
{
    None,

    /// <summary>What was sent does not begin like a SIP message.</summary>
    NotSip,

    /// <summary>A message has no Content-Length, which it must have on a stream (RFC 3261 §18.3).</summary>
    NoContentLength,

    /// <summary>A Content-Length is no number, or two of them differ.</summary>
    BadContentLength,

    /// <summary>A message is longer than <see cref="SipParser.MostBytes"/>.</summary>
    TooLarge,
}
