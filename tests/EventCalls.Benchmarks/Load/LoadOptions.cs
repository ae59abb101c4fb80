using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Load;

/// <summary>What load is put on what.</summary>
internal sealed record LoadOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage =
        "load --scenario refer|invite [--rate CALLS-A-SECOND] [--seconds S] [--warm-up S] [--bus rabbitmq] [--store postgres] [--split] [-- further arguments of eventcalls run]";

    /// <summary><c>refer</c> or <c>invite</c>.</summary>
    public required string Scenario { get; init; }

    /// <summary>New calls a second.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>How long the measured load lasts, seconds.</summary>
    public int Seconds { get; init; } = 20;

    /// <summary>How long the same load runs before, so that the program is compiled and its memory at its working size, seconds.</summary>
    public int WarmUp { get; init; } = 10;

    /// <summary>A private RabbitMQ instead of the bus in memory.</summary>
    public bool RabbitMq { get; init; }

    /// <summary>A private PostgreSQL instead of SQLite; its commits wait for the disk.</summary>
    public bool Postgres { get; init; }

    /// <summary>Ingress, router and recorder in processes of their own.</summary>
    public bool Split { get; init; }

    /// <summary>Further arguments of <c>eventcalls run</c>.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown or cannot be read.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LoadOptions { Scenario = "" };
        var read = new ArgumentReader(args);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--scenario" => options with { Scenario = read.Value() },
                "--rate" => options with { Rate = read.Number(1) },
                "--seconds" => options with { Seconds = read.Number(1) },
                "--warm-up" => options with { WarmUp = read.Number(0) },
                "--bus" => options with { RabbitMq = read.Only("rabbitmq", "the bus in memory") },
                "--store" => options with { Postgres = read.Only("postgres", "SQLite") },
                "--split" => options with { Split = true },
                "--" => options with { More = read.Rest() },
                _ => throw read.Unknown(),
            };
        }
        if (options.Scenario is not ("refer" or "invite"))
            throw new FormatException("--scenario: expected refer or invite.");
        if (options.Split && !(options.RabbitMq && options.Postgres))
            throw new FormatException("--split needs --bus rabbitmq and --store postgres.");
        return options;
    }
}
