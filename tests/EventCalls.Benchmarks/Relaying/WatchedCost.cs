using System.Globalization;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>What calls have cost that were watched in one way.</summary>
internal sealed class WatchedCost(Watching way)
{
    private long _in;
    private long _out;
    private long _microseconds;
    private long _bytes;
    private long _callSeconds;

    /// <summary>The way.</summary>
    public Watching Way { get; } = way;

    /// <summary>Adds what was sent and received, and what the relay's process said before and after of its processor time and of what it has allocated, of so many seconds of a call.</summary>
    public void Add(RtpFigures figures, string[] before, string[] after, int callSeconds)
    {
        _in += figures.Sent;
        _out += figures.Received;
        _microseconds += Between(before[0], after[0]);
        _bytes += Between(before[1], after[1]);
        _callSeconds += callSeconds;
    }

    /// <summary>It in words, beside the same calls that nobody watches.</summary>
    public string Describe(WatchedCost plain, int calls)
    {
        double more = Cost - plain.Cost;
        string beside = this == plain ? "" : string.Create(CultureInfo.InvariantCulture, $", {more:0} µs more than plain ({Cost / plain.Cost:0.00} ×, {more * calls / 10_000:0.0} % of a core)");
        return string.Create(CultureInfo.InvariantCulture, $"{_in} packets in, {_out} out; CPU {Cost:0} µs a call-second ({Cost * calls / 10_000:0.0} % of a core){beside}; {(double)_bytes / _in:0.0} bytes allocated a packet");
    }

    private double Cost => (double)_microseconds / _callSeconds;

    private static long Between(string before, string after) => long.Parse(after, CultureInfo.InvariantCulture) - long.Parse(before, CultureInfo.InvariantCulture);
}
