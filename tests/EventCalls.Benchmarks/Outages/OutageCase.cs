namespace EventCalls.Benchmarks.Outages;

/// <summary>One fault of one part.</summary>
/// <param name="Part">What has the fault.</param>
/// <param name="Fault">What is done to it, in words; <c>{0}</c> stands for the seconds it lasts.</param>
/// <param name="Seconds">How long it lasts, seconds.</param>
/// <param name="Inject">Does it, and mends it again; it is called while calls come in.</param>
internal sealed record OutageCase(string Part, string Fault, int Seconds, Func<OutageSite, TimeSpan, Task> Inject)
{
    /// <summary>What the site is made of.</summary>
    public SiteKind Site { get; init; }

    /// <summary>What is done before the first call, while nothing is on its way; null for nothing.</summary>
    public Func<OutageSite, Task>? Before { get; init; }

    /// <summary>What becomes of the calls that are open.</summary>
    public OpenCalls OpenCalls { get; init; }

    /// <summary>What some process must have logged, because the fault reached it; null where that is seen otherwise.</summary>
    public string? Sign { get; init; }

    /// <summary>How often the fault comes in one run.</summary>
    public int Times { get; init; } = 1;
}

/// <summary>What a fault may do to open calls.</summary>
internal enum OpenCalls
{
    /// <summary>Nothing.</summary>
    GoOn,

    /// <summary>Their process stops in order: they may end as <c>node_stopped</c>, and their callers are told.</summary>
    AreEnded,

    /// <summary>Their process is killed: they may end as <c>node_lost</c>, and nobody tells their callers.</summary>
    AreCutOff,
}

/// <summary>What processes and servers a case runs on.</summary>
internal enum SiteKind
{
    /// <summary>One process with all roles, the bus in memory and SQLite.</summary>
    Embedded,

    /// <summary>As <see cref="Embedded"/>, the SQLite file on a small disk of its own.</summary>
    EmbeddedSmallDisk,

    /// <summary>As <see cref="Embedded"/>, an outbound endpoint that is a host name, and a name server of the process's own.</summary>
    EmbeddedNames,

    /// <summary>Ingress, two routers and a recorder over RabbitMQ and PostgreSQL.</summary>
    Split,

    /// <summary>Ingress that is router too, and a recorder, over RabbitMQ and PostgreSQL.</summary>
    SplitAlone,

    /// <summary>As <see cref="Split"/>, a proxy before PostgreSQL.</summary>
    SplitProxy,

    /// <summary>As <see cref="Split"/>, PostgreSQL on a small disk of its own.</summary>
    SplitSmallDisk,
}
