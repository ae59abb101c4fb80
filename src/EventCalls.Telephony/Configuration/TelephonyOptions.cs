using EventCalls.Contracts;
using EventCalls.Sip.Extensions;

namespace EventCalls.Telephony.Configuration;

/// <summary>What an ingress node is configured with. Times are in the unit their name ends with.</summary>
public sealed record TelephonyOptions
{
    /// <summary>The node's name; calls, handoffs and heartbeats carry it.</summary>
    public required string Node { get; init; }

    /// <summary>Where SIP listens: <c>udp:address:port</c>, or with <c>tcp</c>, <c>tls</c>, <c>ws</c> or <c>wss</c> before it, with <c> advertise host:port</c> behind where peers are told another; port 0 takes a free one.</summary>
    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary>Whose pages may connect by WebSocket, as browsers name them (<c>https://phone.example.com</c>); empty for all.</summary>
    public IReadOnlyList<string> WebSocketOrigins { get; init; } = [];

    /// <summary>The host written into Contact and Via instead of the listening address; null for the address itself.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The name servers that are asked for host names, as addresses with a port or without, in the order in which they are tried; empty: the system's.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>The trunks.</summary>
    public required IReadOnlyList<TrunkOptions> Trunks { get; init; }

    /// <summary>The extensions of SIP that calls have; null for all. What they cost is measured without some.</summary>
    internal IReadOnlyList<SipExtension>? Extensions { get; init; }

    /// <summary>Hosts that may be dialled beside the outbound endpoints' own: names, <c>*.example.com</c>, addresses, networks, or <c>*</c> for every host; and of numbers how those begin that may be called by way of any endpoint (<c>tel:+49</c>), or may not (<c>!tel:+4990</c>), the longest beginning deciding; any number when none is here.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Hosts that REFER and redirect may name beside the outbound endpoints' own, and numbers, written as those that may be dialled; null for any, as whoever is asked dials by rules of its own.</summary>
    public IReadOnlyList<string>? ReferTargets { get; init; }

    /// <summary>How long a decision may take after the INVITE, or after a failed handoff, milliseconds, 1–600,000.</summary>
    public int DeadlineMs { get; init; } = 2000;

    /// <summary>After how long without a decision the routers are asked once more, milliseconds, below <see cref="DeadlineMs"/>; null for never.</summary>
    public int? AskAgainMs { get; init; }

    /// <summary>What the node does by itself when no decision came in time. Empty when the configured default is a flow, which only a router can run: then 480.</summary>
    public IReadOnlyList<Handoff> DefaultSteps { get; init; } = [];

    /// <summary>When the caller is answered.</summary>
    public AnswerMode Answer { get; init; }

    /// <summary>What the caller hears while the decision is pending.</summary>
    public PendingRing PendingRing { get; init; }

    /// <summary>How long an invite rings before CANCEL when the handoff does not say, seconds, 1–600.</summary>
    public int RingTimeoutSeconds { get; init; } = 60;

    /// <summary>How long an invite waits for any response at all before the endpoint's next address, or the handoff's next step, is tried, milliseconds, 100–600,000. The last one is waited for until the ring timeout.</summary>
    public int NoResponseTimeoutMs { get; init; } = 4000;

    /// <summary>How long a refer waits for the final NOTIFY when the handoff does not say, seconds, 1–600.</summary>
    public int NotifyTimeoutSeconds { get; init; } = 60;

    /// <summary>How long after a transfer by REFER succeeded the other side may hang up before we do (RFC 5589 §6.1), milliseconds.</summary>
    public int ReferHangUpMs { get; init; } = 2000;

    /// <summary>How long after a BYE that came before the final NOTIFY a NOTIFY that crosses it is waited for, milliseconds.</summary>
    public int NotifyGraceMs { get; init; } = 4000;

    /// <summary>How long the bus may take to confirm the beginning of an attempt before the attempt is given up, milliseconds.</summary>
    public int ConfirmTimeoutMs { get; init; } = 30000;

    /// <summary>How many calls may be open at once; a further INVITE gets 503.</summary>
    public int MaxCalls { get; init; } = 50_000;

    /// <summary>How many journal entries may wait for the bus; above that an INVITE gets 503.</summary>
    public int MaxBacklog { get; init; } = 20_000;

    /// <summary>How many handoffs one call may go through.</summary>
    public int MaxHandoffs { get; init; } = 10;

    /// <summary>The <c>Retry-After</c> of our 503, seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 5;

    /// <summary>How often the node says that it is alive, seconds.</summary>
    public int HeartbeatSeconds { get; init; } = 5;

    /// <summary>How often a quiet answered leg is asked whether it is still there (OPTIONS in the dialog), seconds; null for never.</summary>
    public int? SessionPingSeconds { get; init; } = 300;

    /// <summary>Limits of connections.</summary>
    public TcpOptions Tcp { get; init; } = new();

    /// <summary>Our certificate, and whom we trust.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>What the Identity headers of calls are checked with.</summary>
    public IdentityOptions Identity { get; init; } = new();

    /// <summary>Whether requests of strangers are answered (403, or 481 for what names a call); false: they hear nothing.</summary>
    public bool AnswersStrangers { get; init; } = true;

    /// <summary>Where media goes.</summary>
    public MediaOptions Media { get; init; } = new();

    /// <summary>What strangers may cost.</summary>
    public AbuseOptions Abuse { get; init; } = new();

    /// <summary>Where copies of all SIP messages go.</summary>
    public HepOptions Hep { get; init; } = new();

    /// <summary>How many SIP shards, each one thread, 1–64.</summary>
    public int Shards { get; init; } = 1;
}
