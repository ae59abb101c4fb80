using System.Net;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Sip.Transport;

/// <summary>What a shard listens on and how it presents itself.</summary>
public sealed record ShardOptions
{
    /// <summary>The end points, at least one; the first datagram one is what the shard's thread waits on.</summary>
    public required IReadOnlyList<ListenPoint> Listen { get; init; }

    /// <summary>The user agent's own options.</summary>
    public UserAgentOptions UserAgent { get; init; } = new();

    /// <summary>The host to write in Via and Contact in place of the listening address; null: that address.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Whether other shards of this process listen on the same datagram ports; the system spreads what comes over them.</summary>
    internal bool SharesPorts { get; init; }

    /// <summary>Whose connections are taken; null: anybody's.</summary>
    public Func<IPAddress, bool>? AcceptsConnectionFrom { get; init; }

    /// <summary>How many connections may be open, 1–4,096; each has a thread that reads it.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How long an attempt to connect may take, milliseconds.</summary>
    public int ConnectTimeoutMs { get; init; } = 5_000;

    /// <summary>The socket's receive buffer, bytes: what a burst may bring while the shard is busy.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;
}
