using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace EventCalls.Media.Dtls;

/// <summary>One handshake from its first message to its last, on the calling thread. With the types beside it, all that knows the library.</summary>
internal static class DtlsHandshake
{
    /// <summary>Shakes hands; returns when there are keys, or it failed, or the inbox ended. Throws nothing.</summary>
    public static DtlsOutcome Run(DtlsTask task, DtlsInbox inbox)
    {
        var side = new DtlsSide(task, new BcTlsCrypto(new SecureRandom()));
        var datagrams = new DtlsDatagrams(task.Owner, inbox);
        try
        {
            inbox.Begin();
            DtlsTransport transport = task.Role == DtlsRole.Client
                ? new DtlsClientProtocol().Connect(new DtlsClientSide(side), datagrams)
                : new DtlsServerProtocol().Accept(new DtlsServerSide(side), datagrams);
            datagrams.Flush();
            return new DtlsOutcome(side.Keys, new DtlsAssociation(transport, side, datagrams), default, "");
        }
        // Whatever a peer sends must end here: the library throws alerts, and for some garbage what it stumbled over.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The alert, so that the peer need not wait.
            datagrams.Flush();
            DtlsFault fault = side.Fault ?? (inbox.GaveWay ? DtlsFault.Overloaded : DtlsFault.Refused);
            return new DtlsOutcome(null, null, fault, e.Message);
        }
    }
}
