using Org.BouncyCastle.Tls;

namespace EventCalls.Media.Dtls;

/// <summary>The library's view of a leg: datagrams out of the inbox, and out to the owner.</summary>
internal sealed class DtlsDatagrams(IDtlsOwner owner, DtlsInbox inbox) : DatagramTransport
{
    // Fits every path without being cut up: 1,280 bytes of IPv6 at least, less the headers of IP and UDP.
    private const int SendLimit = 1200;
    private const int ReceiveLimit = 2048;

    /// <inheritdoc/>
    public int GetReceiveLimit() => ReceiveLimit;

    /// <inheritdoc/>
    public int GetSendLimit() => SendLimit;

    /// <inheritdoc/>
    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer, int waitMillis) => inbox.Take(buffer, waitMillis);

    /// <inheritdoc/>
    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> buffer)
    {
        // Given up, the leg may be gone: no farewell to the peer then.
        if (!inbox.IsEnded)
            owner.Send(buffer);
    }

    /// <inheritdoc/>
    public void Close()
    {
        // The leg and its port live on without the association.
    }
}
