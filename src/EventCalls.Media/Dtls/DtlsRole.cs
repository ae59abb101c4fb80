namespace EventCalls.Media.Dtls;

/// <summary>Which side of the handshake we are.</summary>
internal enum DtlsRole
{
    /// <summary>We begin: <c>a=setup:active</c>.</summary>
    Client,

    /// <summary>We wait: <c>a=setup:passive</c>.</summary>
    Server,
}
