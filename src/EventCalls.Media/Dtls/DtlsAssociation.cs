using Org.BouncyCastle.Tls;

namespace EventCalls.Media.Dtls;

/// <summary>
/// The association after the handshake. A peer that missed our last message repeats its own, and the library then repeats ours
/// (RFC 6347 §4.2.4); what it sends as data is nobody's.
/// </summary>
internal sealed class DtlsAssociation(DtlsTransport transport, DtlsSide side, DtlsDatagrams datagrams) : IDtlsAssociation
{
    private readonly byte[] _data = new byte[2048];

    /// <inheritdoc/>
    public bool Process()
    {
        try
        {
            // A record in a datagram behind the first is looked at with the next call: zero would wait for ever.
            transport.Receive(_data, 0, _data.Length, 1);
            datagrams.Flush();
            return !side.IsClosed;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return false;
        }
    }
}
