namespace EventCalls.Sip.Transactions;

/// <summary>A request too large for a datagram that goes over a connection instead, and as a datagram after all when none can be made (RFC 3261 §18.1.1).</summary>
/// <param name="Datagrams">Where it would have gone.</param>
/// <param name="Stream">The connection.</param>
internal sealed record LargeRequest(Hop Datagrams, Hop Stream)
{
    /// <summary>The largest request that is sent as a datagram where the path's MTU is not known, bytes.</summary>
    public const int MostBytes = 1_300;

    /// <summary>How long a peer may say nothing over the connection before the request is sent as a datagram, in T1: a refusal comes at once, a firewall says nothing.</summary>
    public const int SilenceInT1 = 4;

    /// <summary>The request with the transport it really takes in its Via, which is ours and the first one.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> request, Hop from, Hop to)
    {
        int at = request.IndexOf(from.ViaPrefix);
        if (at < 0)
            return request.ToArray();
        var rewritten = new byte[request.Length - from.ViaPrefix.Length + to.ViaPrefix.Length];
        request[..at].CopyTo(rewritten);
        to.ViaPrefix.CopyTo(rewritten, at);
        request[(at + from.ViaPrefix.Length)..].CopyTo(rewritten.AsSpan(at + to.ViaPrefix.Length));
        return rewritten;
    }
}

/// <summary>Which peers take large requests over connections.</summary>
/// <param name="mayMove">Whether a peer that is reached by datagrams may be sent them so at all.</param>
internal sealed class LargeRequests(Func<Hop, bool> mayMove)
{
    private const long RemembersMs = 600_000;

    /// <summary>The connection for a large request; null when it goes as a datagram: over a transport of its own, or to a peer that took none lately or must not be asked, or we listen on none.</summary>
    public Hop? TryMove(Hop hop, TransactionTable table) =>
        hop.Protocol == TransportProtocol.Udp && (hop.StreamFailedAt is not { } failed || table.Wheel.Now - failed >= RemembersMs) && mayMove(hop)
            ? table.Output.HopTo(TransportProtocol.Tcp, hop.Remote, hop)
            : null;

    /// <summary>The peer takes no connection: for a while it is not asked again.</summary>
    public void Failed(Hop datagrams, long now) => datagrams.StreamFailedAt = now;
}
