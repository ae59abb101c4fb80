namespace EventCalls.Media.Dtls;

/// <summary>What stays of a handshake.</summary>
internal interface IDtlsAssociation
{
    /// <summary>Looks at the next datagram; false once the peer closed it.</summary>
    bool Process();
}
