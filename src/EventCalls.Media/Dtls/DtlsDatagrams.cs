using Org.BouncyCastle.Tls;

namespace EventCalls.Media.Dtls;

/// <summary>
/// The library's view of a leg: datagrams out of the inbox, and out to the owner. The records of a flight go together as far as
/// they fit (RFC 6347 §4.1.1): so fewer are lost, and the change of cipher never comes behind what it is for.
/// </summary>
internal sealed class DtlsDatagrams(IDtlsOwner owner, DtlsInbox inbox) : DatagramTransport
{
    // Fits every path without being cut up: 1,280 bytes of IPv6 at least, less the headers of IP and UDP.
    private const int SendLimit = 1200;
    private const int ReceiveLimit = 2048;
    private readonly byte[] _flight = new byte[SendLimit];
    private int _length;

    /// <inheritdoc/>
    public int GetReceiveLimit() => ReceiveLimit;

    /// <inheritdoc/>
    public int GetSendLimit() => SendLimit;

    /// <inheritdoc/>
    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer, int waitMillis)
    {
        Flush();
        return inbox.Take(buffer, waitMillis);
    }

    /// <inheritdoc/>
    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> buffer)
    {
        if (_length + buffer.Length > SendLimit)
            Flush();
        if (buffer.Length > SendLimit)
            throw new IOException("a record does not fit a datagram");
        buffer.CopyTo(_flight.AsSpan(_length));
        _length += buffer.Length;
    }

    /// <summary>Sends what waits for company.</summary>
    public void Flush()
    {
        // Given up, the leg may be gone: no farewell to the peer then.
        if (_length > 0 && !inbox.IsEnded)
            owner.Send(_flight.AsSpan(0, _length));
        _length = 0;
    }

    /// <inheritdoc/>
    public void Close()
    {
        // The leg and its port live on without the association.
    }
}
