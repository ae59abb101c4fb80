namespace EventCalls.Media.Sessions;

/// <summary>How media is protected on its way.</summary>
public enum MediaProtection : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>SRTP with keys in the session descriptions (RFC 4568); SIP should go over TLS then.</summary>
    Sdes,

    /// <summary>SRTP with keys agreed on by DTLS beside the media (RFC 5763).</summary>
    Dtls,
}
