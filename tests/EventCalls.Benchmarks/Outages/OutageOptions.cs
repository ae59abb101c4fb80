using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Outages;

/// <summary>Which faults are tried, and with how many calls.</summary>
internal sealed record OutageOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage =
        "outages [--only WORD]… [--rate CALLS-A-SECOND] [--seconds S] [--fault-seconds S] [--write FILE.md] [--list]";

    /// <summary>Words of which one has to be in a case's part or fault; none for all cases.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>New calls a second.</summary>
    public int Rate { get; init; } = 20;

    /// <summary>How long calls come in, seconds; the fault begins after a fifth of it.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>How long a fault that goes away by itself lasts, seconds; null for each case's own.</summary>
    public int? FaultSeconds { get; init; }

    /// <summary>The page to write; null for standard output alone.</summary>
    public string? Write { get; init; }

    /// <summary>Only names the cases.</summary>
    public bool List { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown or cannot be read.</exception>
    public static OutageOptions Parse(IReadOnlyList<string> args)
    {
        var options = new OutageOptions();
        var read = new ArgumentReader(args);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--only" => options with { Only = [.. options.Only, read.Value()] },
                "--rate" => options with { Rate = read.Number(1) },
                "--seconds" => options with { Seconds = read.Number(5) },
                "--fault-seconds" => options with { FaultSeconds = read.Number(1) },
                "--write" => options with { Write = read.Value() },
                "--list" => options with { List = true },
                _ => throw read.Unknown(),
            };
        }
        return options;
    }

    /// <summary>Whether a case was asked for.</summary>
    public bool Wants(OutageCase outage) =>
        Only.Count == 0 || Only.Any(word => $"{outage.Part}: {outage.Fault}".Contains(word, StringComparison.OrdinalIgnoreCase));
}
