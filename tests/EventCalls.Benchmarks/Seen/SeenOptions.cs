using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What is measured of seeing and steering calls over HTTP.</summary>
internal sealed record SeenOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage = "seen board|commands|cost [--rate CALLS-A-SECOND] [--seconds S] [--rounds N] [--commands N] [--store postgres]";

    /// <summary><c>board</c>, <c>commands</c> or <c>cost</c>.</summary>
    public required string What { get; init; }

    /// <summary>New calls a second; with <c>commands</c> those beside the calls that are told something.</summary>
    public int Rate { get; init; } = 500;

    /// <summary>How long each turn lasts, seconds.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>How often all turns are taken, one after the other, so that what else the machine does falls on all.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>How many commands of each kind are given at each node.</summary>
    public int Commands { get; init; } = 200;

    /// <summary>A private PostgreSQL instead of SQLite; commands always have one.</summary>
    public bool Postgres { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown or cannot be read.</exception>
    public static SeenOptions Parse(IReadOnlyList<string> args)
    {
        if (args is not [("board" or "commands" or "cost") and var what, ..])
            throw new FormatException("seen: expected board, commands or cost.");
        var options = new SeenOptions { What = what, Rate = what == "commands" ? 0 : 500 };
        var read = new ArgumentReader([.. args.Skip(1)]);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--rate" => options with { Rate = read.Number(what == "commands" ? 0 : 1) },
                "--seconds" => options with { Seconds = read.Number(1) },
                "--rounds" => options with { Rounds = read.Number(1) },
                "--commands" => options with { Commands = read.Number(1) },
                "--store" => options with { Postgres = read.Only("postgres", "SQLite") },
                _ => throw read.Unknown(),
            };
        }
        return options;
    }
}
