using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Edge;

/// <summary>What is measured of the SIP edge.</summary>
internal sealed record EdgeOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage = "edge tls|handshakes|flood [--rate CALLS-A-SECOND] [--seconds S] [--rounds N]";

    /// <summary><c>tls</c>, <c>handshakes</c> or <c>flood</c>.</summary>
    public required string What { get; init; }

    /// <summary>New calls a second.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>How long each turn lasts, seconds.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>How often both turns are taken: first the one, then the other, so that what else the machine does falls on both.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown or cannot be read.</exception>
    public static EdgeOptions Parse(IReadOnlyList<string> args)
    {
        if (args is not [("tls" or "handshakes" or "flood") and var what, ..])
            throw new FormatException("edge: expected tls, handshakes or flood.");
        var options = new EdgeOptions { What = what };
        var read = new ArgumentReader([.. args.Skip(1)]);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--rate" => options with { Rate = read.Number(1) },
                "--seconds" => options with { Seconds = read.Number(1) },
                "--rounds" => options with { Rounds = read.Number(1) },
                _ => throw read.Unknown(),
            };
        }
        return options;
    }
}
