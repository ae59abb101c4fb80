namespace EventCalls.Media.Dtls;

/// <summary>Why a handshake brought no keys.</summary>
internal enum DtlsFault
{
    /// <summary>Not done in time, or never begun by the peer.</summary>
    TimedOut,

    /// <summary>The peer's certificate is not the one its session description names, or it showed none.</summary>
    WrongFingerprint,

    /// <summary>The peer takes none of our ways to protect RTP.</summary>
    NoCommonSuite,

    /// <summary>The peer refused, broke the protocol, or has no version or cipher in common with us.</summary>
    Refused,

    /// <summary>Too many handshakes wait already, or others wait while the peer says nothing.</summary>
    Overloaded,
}
