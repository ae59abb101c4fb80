using System.Globalization;

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
        for (int i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} has no value.");
            int Number() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : throw new FormatException($"{args[i - 1]} {args[i]}: expected a number.");
            options = args[i] switch
            {
                "--scenario" => options with { Scenario = Value() },
                "--rate" => options with { Rate = Number() },
                "--seconds" => options with { Seconds = Number() },
                "--warm-up" => options with { WarmUp = Number() },
                "--bus" => options with { RabbitMq = Value() == "rabbitmq" ? true : throw new FormatException("--bus knows rabbitmq only; leave it out for the bus in memory.") },
                "--store" => options with { Postgres = Value() == "postgres" ? true : throw new FormatException("--store knows postgres only; leave it out for SQLite.") },
                "--split" => options with { Split = true },
                "--" => options with { More = [.. args.Skip(i + 1)] },
                _ => throw new FormatException($"{args[i]} is unknown."),
            };
            if (options.More.Count > 0)
                break;
        }
        if (options.Scenario is not ("refer" or "invite"))
            throw new FormatException("--scenario: expected refer or invite.");
        if (options.Split && !(options.RabbitMq && options.Postgres))
            throw new FormatException("--split needs --bus rabbitmq and --store postgres.");
        return options;
    }
}
