using static EventCalls.Benchmarks.Running.BenchmarkCommand;
using static EventCalls.Benchmarks.Running.Samples;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What a call costs a service that does something more, beside two that do not; all are called at the same time, so what else the machine does falls on all alike.</summary>
/// <param name="options">Rate, turns and how long one is.</param>
/// <param name="plain">A service that does nothing more.</param>
/// <param name="again">Another one just like it: how far two of these differ is how far a figure can be trusted.</param>
/// <param name="more">The one that does more.</param>
internal sealed class CostTurns(SeenOptions options, MeteredService plain, MeteredService again, MeteredService more)
{
    private const int WarmUp = 12;

    /// <summary>Takes all turns, says what came of each and of all, and gives the median of how much more it costs, times.</summary>
    /// <param name="word">What the third one is, in a word.</param>
    /// <param name="words">The same, in some.</param>
    public async Task<double> RunAsync(string word, string words)
    {
        await CostAsync(WarmUp, isWarmUp: true);
        var costs = new List<(double Plain, double Again, double More)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            double[] cost = await CostAsync(options.Seconds);
            costs.Add((cost[0], cost[1], cost[2]));
            Line($"  turn {i + 1}: {cost[0]:F3} CPU-ms a call, {cost[1]:F3} the same again, {cost[2]:F3} {word}: {cost[1] / cost[0]:F3} and {Times(costs[^1]):F3} times");
        }
        double median = Median(costs.Select(Times));
        Line($"at {options.Rate} calls/s each, {(options.Postgres ? "PostgreSQL" : "SQLite")}: {Median(costs.Select(c => (c.Plain + c.Again) / 2)):F3} CPU-ms a call, {words} {Median(costs.Select(c => c.More)):F3}; {median:F3} times (median of {options.Rounds}), {costs.Sum(c => 2 * c.More) / costs.Sum(c => c.Plain + c.Again):F3} times over all; the same again {costs.Sum(c => c.Again) / costs.Sum(c => c.Plain):F3} times");
        return median;

        static double Times((double Plain, double Again, double More) cost) => 2 * cost.More / (cost.Plain + cost.Again);
    }

    private async Task<double[]> CostAsync(int seconds, bool isWarmUp = false) => await Task.WhenAll(new[] { plain, again, more }.Select(service => service.CostAsync(options.Rate, seconds, isWarmUp)));
}
