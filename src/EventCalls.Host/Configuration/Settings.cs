using EventCalls.Bus;
using EventCalls.Replay;
using EventCalls.Replay.Nightly;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Configuration;

/// <summary>The whole configuration, read and checked.</summary>
internal sealed record Settings
{
    /// <summary>The ingress.</summary>
    public required TelephonyOptions Telephony { get; init; }

    /// <summary>The router.</summary>
    public required RouterOptions Router { get; init; }

    /// <summary>The tables behind <c>conv.Lookup</c>.</summary>
    public required ILookupSource Lookups { get; init; }

    /// <summary>The bus.</summary>
    public required BusOptions Bus { get; init; }

    /// <summary>The event store.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>Where events wait for the store, or for a broker that is away.</summary>
    public required SpoolOptions Spool { get; init; }

    /// <summary>How the recorder gathers.</summary>
    public required AppendQueueOptions Recorder { get; init; }

    /// <summary>When a node counts as lost.</summary>
    public required LostNodeOptions LostNodes { get; init; }

    /// <summary>The Unix socket at which <c>eventcalls health</c> asks a running process how it is; null for none.</summary>
    public string? HealthSocket { get; init; }

    /// <summary>The API and the console.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>Who is told of events over HTTP.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>When the calls of the day before are decided again.</summary>
    public NightlyOptions Nightly { get; init; } = new();

    /// <summary>Where traces and figures go.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>How long open calls may go on after SIGTERM, seconds.</summary>
    public int DrainSeconds { get; init; } = 10;

    /// <summary>What is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether no trunk is configured, so that the loopback sample is used.</summary>
    public bool UsesSampleTrunks { get; init; }

    /// <summary>The outbound endpoints that logic may name, to check past and thought-of calls by; null when none is configured, so that nothing can be said.</summary>
    public IReadOnlySet<string>? KnownEndpoints => UsesSampleTrunks ? null : Router.KnownEndpoints;

    /// <summary>What a recorded call that is played on finds configured.</summary>
    public ForkSettings Fork => new(Telephony, Router, UsesSampleTrunks);

    /// <summary>How past calls are decided again.</summary>
    /// <param name="deciders">Where that happens.</param>
    public ReplayOptions Replay(DeciderProcessOptions? deciders) => new() { TimeLimit = Router.TimeLimit, KnownEndpoints = KnownEndpoints, Deciders = deciders };
}

/// <summary>What is sent to a collector of OpenTelemetry.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>A collector that takes OTLP: traces of calls and the figures are sent there. Over HTTP, <c>/v1/traces</c> and <c>/v1/metrics</c> are added to its path. Null: nothing is sent.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>What the collector speaks there, in the words of <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>. It has to be said where neither a path nor the port does.</summary>
    public OtlpProtocol? Protocol { get; init; }

    /// <summary>The share of the calls of which traces are sent, 0–1; which ones follows from their ids, so that all nodes choose the same.</summary>
    public double SampleRatio { get; init; } = 0.01;
}

/// <summary>What is served over HTTP; a type of its own, so that a process that serves none loads nothing of it.</summary>
internal sealed record HttpSettings
{
    /// <summary>Where the API and the console listen: an address of this machine with a port; nothing is served without it.</summary>
    public Uri? Listen { get; init; }

    /// <summary>The file of the API keys, which <c>eventcalls keys</c> writes. Without it HTTP listens on a loopback address only, and everybody on the machine may use it.</summary>
    public string? Keys { get; init; }

    /// <summary>How people sign in with their organisation's OpenID provider; <c>docs/console.md</c> has the keys.</summary>
    public System.Text.Json.Nodes.JsonNode? OpenId { get; init; }

    /// <summary>Other sites whose pages may use the API, with a key.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}

/// <summary>How OTLP is spoken.</summary>
internal enum OtlpProtocol
{
    /// <summary>The default at port 4317.</summary>
    Grpc,

    /// <summary>The default at port 4318, and where there is a path.</summary>
    HttpProtobuf,
}
