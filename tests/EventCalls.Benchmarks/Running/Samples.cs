namespace EventCalls.Benchmarks.Running;

/// <summary>What is read off several measurements of one thing.</summary>
internal static class Samples
{
    /// <summary>What so many percent of them do not exceed; NaN of none.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double percent) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * percent / 100))];

    /// <summary>The one in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
