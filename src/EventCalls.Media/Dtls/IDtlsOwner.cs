namespace EventCalls.Media.Dtls;

/// <summary>The leg a handshake is for. It is called by threads of the handshakes, never by the one that gives datagrams; a last call may come while the session is disposed. It must not throw.</summary>
internal interface IDtlsOwner
{
    /// <summary>Sends a datagram to the peer; it may be lost. The bytes are the caller's again afterwards.</summary>
    void Send(ReadOnlySpan<byte> datagram);

    /// <summary>The keys are there. At most once, and then never <see cref="Failed"/>.</summary>
    void Keyed(DtlsKeys keys);

    /// <summary>There will be no keys; the detail holds nothing secret. At most once.</summary>
    void Failed(DtlsFault fault, string detail);

    /// <summary>The peer ended the association in order after there were keys.</summary>
    void Closed();
}
