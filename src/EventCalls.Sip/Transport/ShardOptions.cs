using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transport.Tls;

namespace EventCalls.Sip.Transport;

/// <summary>What a shard listens on and how it presents itself.</summary>
public sealed record ShardOptions
{
    /// <summary>The end points, at least one; the first datagram one is what the shard's thread waits on.</summary>
    public required IReadOnlyList<ListenPoint> Listen { get; init; }

    /// <summary>The user agent's own options.</summary>
    public UserAgentOptions UserAgent { get; init; } = new();

    /// <summary>The host to write in Via and Contact in place of the listening address, where a listen point has none of its own; null: that address.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Whether other shards of this process listen on the same datagram ports; the system spreads what comes over them.</summary>
    internal bool SharesPorts { get; init; }

    /// <summary>Whose connections are taken; null: anybody's.</summary>
    public Func<IPAddress, bool>? AcceptsConnectionFrom { get; init; }

    /// <summary>How many connections that peers made may be open, 1–4,096; each has a thread that reads it.</summary>
    public int MaxConnections { get; init; } = 1_024;

    /// <summary>How many of them may come from one address.</summary>
    public int MaxConnectionsPerSource { get; init; } = 64;

    /// <summary>How many connections that we made may be open.</summary>
    public int MaxOutboundConnections { get; init; } = 1_024;

    /// <summary>How long a connection may be quiet, keep-alives counted, before it is closed, milliseconds.</summary>
    public int IdleTimeoutMs { get; init; } = 3_600_000;

    /// <summary>How long a peer may take from connecting to its first whole message, milliseconds; keep-alives do not count.</summary>
    public int FirstMessageTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a message may take from its first byte to its last, milliseconds.</summary>
    public int MessageTimeoutMs { get; init; } = 10_000;

    /// <summary>How many received messages may wait for the shards: then connections are read no further and datagrams dropped.</summary>
    public int MaxWaitingMessages { get; init; } = 8_192;

    /// <summary>Who says what was refused; null: the shard's own log does.</summary>
    public RefusalLog? Refusals { get; init; }

    /// <summary>Our certificate, and whose we trust; null: no TLS.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>Whose pages may connect by WebSocket, such as <c>https://phone.example.com</c>; empty: all.</summary>
    public IReadOnlyList<string> WebSocketOrigins { get; init; } = [];

    /// <summary>How long a handshake of TLS or WebSocket may take, milliseconds.</summary>
    public int HandshakeTimeoutMs { get; init; } = 10_000;

    /// <summary>How long an attempt to connect may take, milliseconds.</summary>
    public int ConnectTimeoutMs { get; init; } = 5_000;

    /// <summary>The socket's receive buffer, bytes: what a burst may bring while the shard is busy.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;
}
