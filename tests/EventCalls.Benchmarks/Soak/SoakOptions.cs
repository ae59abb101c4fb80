using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Soak;

/// <summary>How long is soaked, and with what.</summary>
internal sealed record SoakOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage = "soak [--minutes M] [--rate CALLS-A-SECOND] [--bus rabbitmq] [--store postgres] [--sqlite FILE]";

    /// <summary>How long calls come in.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>New calls a second, all callers together.</summary>
    public int Rate { get; init; } = 60;

    /// <summary>A private RabbitMQ instead of the bus in memory.</summary>
    public bool RabbitMq { get; init; }

    /// <summary>A private PostgreSQL instead of SQLite.</summary>
    public bool Postgres { get; init; }

    /// <summary>Where the SQLite file is kept, so that it can be looked at afterwards; null: it goes with the run.</summary>
    public string? Sqlite { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown or cannot be read.</exception>
    public static SoakOptions Parse(IReadOnlyList<string> args)
    {
        var options = new SoakOptions();
        var read = new ArgumentReader(args);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(read.Number(0.1, 10_000)) },
                "--rate" => options with { Rate = read.Number(1) },
                "--bus" => options with { RabbitMq = read.Only("rabbitmq", "the bus in memory") },
                "--store" => options with { Postgres = read.Only("postgres", "SQLite") },
                "--sqlite" => options with { Sqlite = Path.GetFullPath(read.Value()) },
                _ => throw read.Unknown(),
            };
        }
        return options;
    }
}
