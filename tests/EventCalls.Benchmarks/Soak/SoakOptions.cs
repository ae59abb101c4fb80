using System.Globalization;

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
        for (int i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} has no value.");
            options = args[i] switch
            {
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(Number(Value(), 0.1, 10_000)) },
                "--rate" => options with { Rate = (int)Number(Value(), 1, 10_000) },
                "--bus" => options with { RabbitMq = Value() == "rabbitmq" ? true : throw new FormatException("--bus knows rabbitmq only; leave it out for the bus in memory.") },
                "--store" => options with { Postgres = Value() == "postgres" ? true : throw new FormatException("--store knows postgres only; leave it out for SQLite.") },
                "--sqlite" => options with { Sqlite = Path.GetFullPath(Value()) },
                _ => throw new FormatException($"{args[i]} is unknown."),
            };
        }
        return options;
    }

    private static double Number(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{text}: expected a number from {least} to {most}."));
}
