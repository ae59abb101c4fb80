using System.Net;

namespace EventCalls.Sip.Transactions;

/// <summary>The lower edge of the protocol core: where messages leave. A shard's sockets implement it, and the tests' virtual network.</summary>
public interface ISipOutput
{
    /// <summary>Sends the message, or drops it as a network would; never blocks. The bytes belong to the caller again on return.</summary>
    void Send(Hop hop, ReadOnlySpan<byte> message);

    /// <summary>A hop to the remote end point; null when there is no listener of that protocol and address family.</summary>
    /// <param name="protocol">The transport.</param>
    /// <param name="remote">The end point.</param>
    /// <param name="name">The host name it was found by, for transports whose peers are looked at; null for none.</param>
    Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null);

    /// <summary>The same for a message that goes on with what <paramref name="near"/> began: from the same listener, and over its open connection when no other can be made.</summary>
    Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, Hop near) => HopTo(protocol, remote, near.RemoteName);

    /// <summary>A hop to another shard of this node, by which its calls are called as anybody's are; null where there is none.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="near">The hop whose address stands for us in what is sent there.</param>
    Hop? HopInside(int shard, Hop near) => null;
}
