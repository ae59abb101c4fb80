using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>Where one <c>eventcalls run</c> listens, calls out to and keeps its calls.</summary>
internal sealed record EventCallsSettings
{
    /// <summary>Its node name.</summary>
    public string Node { get; init; } = "edge-1";

    /// <summary>The roles it takes, as <c>--roles</c> has them; null for all.</summary>
    public string? Roles { get; init; }

    /// <summary>Its SIP port, UDP and TCP; 0 for a process without SIP.</summary>
    public int SipPort { get; init; }

    /// <summary>Where the outbound endpoint <c>target</c> is.</summary>
    public int TargetPort { get; init; }

    /// <summary>Where the outbound endpoint <c>second</c> is.</summary>
    public int SecondPort { get; init; }

    /// <summary>The transport to both.</summary>
    public string OutboundTransport { get; init; } = "udp";

    /// <summary>The broker; null for the bus inside the process.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>The database; null for SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>The SQLite file.</summary>
    public string? Sqlite { get; init; }

    /// <summary>The webhook that decides; null for the folder of the tests.</summary>
    public string? Webhook { get; init; }

    /// <summary>Further keys below <c>EventCalls</c>, parts separated by <c>__</c>.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    /// <summary>Further environment variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Over a broker and a database, on ports of its own; <see cref="Roles"/> with it share them.</summary>
    public static EventCallsSettings Over(RabbitMqServer broker, PostgresServer database) => new()
    {
        SipPort = FreePorts.Next(),
        TargetPort = FreePorts.Next(),
        SecondPort = FreePorts.Next(),
        RabbitMq = broker.ConnectionString,
        Postgres = database.ConnectionString,
    };

    /// <summary>The same for a process without SIP.</summary>
    public EventCallsSettings As(string role, string node) => this with { Roles = role, Node = node, SipPort = 0 };

    /// <summary>The same with the calls' media through an rtpengine.</summary>
    public EventCallsSettings Through(RtpengineServer engine) =>
        this with { More = new Dictionary<string, string>(More) { ["Media__Mode"] = "rtpengine", ["Media__Rtpengine__0"] = engine.Address } };

    /// <summary>The same as environment variables.</summary>
    public Dictionary<string, string?> Environment()
    {
        var variables = new Dictionary<string, string?> { ["EventCalls__Node"] = Node };
        if (SipPort != 0)
        {
            variables["EventCalls__Sip__Listen__0"] = $"udp:127.0.0.1:{SipPort}";
            variables["EventCalls__Sip__Listen__1"] = $"tcp:127.0.0.1:{SipPort}";
            variables["EventCalls__Trunks__carrier__From__0"] = "127.0.0.0/8";
            variables["EventCalls__Trunks__carrier__UserName"] = "eventcalls";
            variables["EventCalls__Trunks__carrier__Password"] = "secret";
        }

        variables["EventCalls__Trunks__target__To__0"] = $"sip:127.0.0.1:{TargetPort};transport={OutboundTransport}";
        variables["EventCalls__Trunks__second__To__0"] = $"sip:127.0.0.1:{SecondPort};transport={OutboundTransport}";
        if (Webhook is null)
            variables["EventCalls__Routing__Logic"] = Path.Combine(AppContext.BaseDirectory, "Logic");
        else
            variables["EventCalls__Routing__Webhook__Url"] = Webhook;
        if (RabbitMq is not null)
            variables["EventCalls__Bus__RabbitMq"] = RabbitMq;
        if (Postgres is not null)
            variables["EventCalls__Store__Postgres"] = Postgres;
        else
            variables["EventCalls__Store__Sqlite"] = Sqlite;
        foreach (var (key, value) in More)
            variables["EventCalls__" + key] = value;
        foreach (var (name, value) in Variables)
            variables[name] = value;
        return variables;
    }
}
