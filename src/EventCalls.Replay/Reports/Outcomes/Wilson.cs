using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Wilson's score interval for a proportion (E. B. Wilson, JASA 22, 1927), two-sided, 95 %.</summary>
public static class Wilson
{
    // The standard normal distribution's 97.5 % quantile.
    private const double Z = 1.959963984540054;

    /// <summary>The observed proportion and its interval; without observations anything from 0 to 1.</summary>
    /// <param name="count">How many had it.</param>
    /// <param name="of">How many there were.</param>
    public static Estimate Of(long count, long of)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        if (of == 0)
            return new Estimate(0, 0, 1);
        double n = of;
        double p = count / n;
        double scale = 1 + Z * Z / n;
        double middle = (p + Z * Z / (2 * n)) / scale;
        double half = Z / scale * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        // At the ends the formula gives exactly 0 and 1 but for rounding.
        return new Estimate(p, count == 0 ? 0 : Math.Max(0, middle - half), count == of ? 1 : Math.Min(1, middle + half));
    }
}
