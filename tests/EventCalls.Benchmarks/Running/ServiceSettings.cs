using EventCalls.Store;

namespace EventCalls.Benchmarks.Running;

/// <summary>What a measured <c>eventcalls run</c> is configured with.</summary>
internal sealed record ServiceSettings
{
    /// <summary>Its node name.</summary>
    public required string Node { get; init; }

    /// <summary>Its SIP port, UDP on 127.0.0.1; 0 for one that nobody calls.</summary>
    public int SipPort { get; init; }

    /// <summary>The folder below the program's own that holds its routing logic.</summary>
    public required string Logic { get; init; }

    /// <summary>The outbound endpoints: name and SIP URI.</summary>
    public IReadOnlyDictionary<string, string> Targets { get; init; } = new Dictionary<string, string>();

    /// <summary>The broker; null for the bus inside the process.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>Where calls are kept: PostgreSQL when it is given, else SQLite.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>Further keys below <c>EventCalls</c>, parts separated by <c>__</c>.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    /// <summary>The same as environment variables.</summary>
    public Dictionary<string, string?> Environment()
    {
        var variables = new Dictionary<string, string?>
        {
            ["EventCalls__Node"] = Node,
            ["EventCalls__Sip__Listen__0"] = $"udp:127.0.0.1:{SipPort}",
            ["EventCalls__Trunks__carrier__From__0"] = "127.0.0.0/8",
            ["EventCalls__Routing__Logic"] = Path.Combine(AppContext.BaseDirectory, Logic),
            ["EventCalls__Bus__RabbitMq"] = RabbitMq,
            ["EventCalls__Store__Postgres"] = Store.Postgres,
            ["EventCalls__Store__Sqlite"] = Store.Postgres is null ? Store.Sqlite : null,
        };
        foreach (var (name, uri) in Targets)
            variables[$"EventCalls__Trunks__{name}__To__0"] = uri;
        foreach (var (key, value) in More)
            variables["EventCalls__" + key] = value;
        return variables;
    }
}
