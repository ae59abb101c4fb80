namespace EventCalls.Sip.Transport;

/// <summary>The shards of one node: they share its ports, and each call with all its legs lives on one of them.</summary>
/// <remarks>
/// Whoever reads a message hands it to the shard its call lives on (RFC 3261 leaves nothing to tell it by but what we made ourselves:
/// our branches and tags carry the shard; a new caller's Call-ID is hashed).
/// </remarks>
public sealed class ShardGroup : IDisposable
{
    /// <summary>A group of shards numbered 0, 1, 2 … in their options, all listening on the same end points.</summary>
    /// <exception cref="ArgumentException">None, over 256, or not numbered in order.</exception>
    public ShardGroup(IReadOnlyList<SipShard> shards)
    {
        if (shards.Count is 0 or > 256)
            throw new ArgumentException("A node has 1 to 256 shards.", nameof(shards));
        for (int i = 0; i < shards.Count; i++)
        {
            if (shards[i].Options.UserAgent.Shard != i)
                throw new ArgumentException($"Shard {i} is numbered {shards[i].Options.UserAgent.Shard}.", nameof(shards));
        }
        Shards = shards;
    }

    /// <summary>The shards, by their numbers.</summary>
    public IReadOnlyList<SipShard> Shards { get; }

    /// <summary>What is listened on, with the ports really taken.</summary>
    public IReadOnlyList<ListenPoint> Listening { get; private set; } = [];

    /// <summary>Opens the ports and starts all threads.</summary>
    /// <exception cref="ListenException">An end point is in use or not ours.</exception>
    public void Start()
    {
        if (Shards.Count == 1)
        {
            Shards[0].Start();
            Listening = Shards[0].Listening;
            return;
        }
        // The first one takes the ports alone, and so notices when another process has them.
        foreach (var point in Shards[0].Options.Listen.Where(p => p.Protocol == Transactions.TransportProtocol.Udp && p.EndPoint.Port != 0))
            new UdpListener(point, Shards[0].Options, new SourceAddresses(Shards[0].Time), Shards[0].Time).Dispose();
        try
        {
            foreach (var shard in Shards)
            {
                // Connections are accepted by the first shard; the others reach them through their hops.
                var listen = shard == Shards[0] ? shard.Options.Listen : [.. Listening.Where(p => p.Protocol == Transactions.TransportProtocol.Udp)];
                shard.Start(shard.Options with { Listen = listen, SharesPorts = true }, Shards);
                if (shard == Shards[0])
                    Listening = shard.Listening;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Stops all shards.</summary>
    public void Dispose()
    {
        foreach (var shard in Shards)
            shard.Dispose();
    }
}
