using System.Runtime.InteropServices;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Puts rates of all results together.</summary>
internal static class Rates
{
    /// <summary>The rates of a target's own attempts.</summary>
    public static ResultRates Of(Target target) => From(target.Rate);

    /// <summary>The rates of counted results; null when nothing counts.</summary>
    public static ResultRates? Of(long[] counts)
    {
        long of = counts.Take(CallResults.Counted).Sum();
        return of == 0 ? null : From(result => Wilson.Of(counts[(int)result], of));
    }

    /// <summary>A rate for each result that counts.</summary>
    public static ResultRates From(Func<CallResult, Estimate> rate) => new(
        rate(CallResult.Answered), rate(CallResult.Accepted), rate(CallResult.Busy), rate(CallResult.NoAnswer), rate(CallResult.Failed), rate(CallResult.TurnedAway));
}

/// <summary>What is expected of calls that try targets in order until one succeeds, from what attempts to reach each target came to.</summary>
/// <remarks>
/// A target's rates are taken to be the same for every call, and independent of what came before. The interval puts the targets' own Wilson
/// limits together by MOVER (Zou and Donner, Statistics in Medicine 27, 2008), to first order where targets are tried one after the other;
/// for calls that all go to one target without fallbacks it is that target's Wilson interval.
/// </remarks>
internal sealed class ExpectedRates
{
    private readonly double[] _values = new double[CallResults.Counted];

    // How each expected rate moves with a rate of a target: by what the target's own uncertainty counts.
    private readonly Dictionary<(Target Target, CallResult Of), double[]> _slopes = [];

    private double _unknown;

    private ExpectedRates()
    {
    }

    /// <summary>The rates over all calls; null when there are none. The first target of each chain has history.</summary>
    public static ResultRates? Of(IReadOnlyCollection<(IReadOnlyList<Target> Steps, long Calls)> chains)
    {
        double total = chains.Sum(c => c.Calls);
        if (total == 0)
            return null;
        var expected = new ExpectedRates();
        foreach (var (steps, calls) in chains)
            expected.Add(steps, calls / total);
        return Rates.From(expected.Estimate) with { Unknown = Math.Clamp(expected._unknown, 0, 1) };
    }

    private void Add(IReadOnlyList<Target> steps, double weight)
    {
        int known = 0;
        while (known < steps.Count && steps[known].HasHistory)
            known++;
        var reached = new double[known + 1];
        reached[0] = 1;
        for (int i = 0; i < known; i++)
            reached[i + 1] = reached[i] * (1 - Ended(steps[i]));

        bool isUnknownBeyond = known < steps.Count;
        if (isUnknownBeyond)
            _unknown += weight * reached[known];
        for (int result = 0; result < CallResults.Counted; result++)
            Add(steps, known, isUnknownBeyond, reached, (CallResult)result, weight);
    }

    private void Add(IReadOnlyList<Target> steps, int known, bool isUnknownBeyond, double[] reached, CallResult result, double weight)
    {
        bool endsHandoff = CallResults.Ends(result);
        // From the last target to the first: what would come of a call that reaches it.
        double behind = 0;
        for (int i = known - 1; i >= 0; i--)
        {
            bool isLast = i == known - 1 && !isUnknownBeyond;
            double own = endsHandoff || isLast ? steps[i].Rate(result).Value : 0;
            if (endsHandoff || isLast)
                Slope(steps[i], result)[(int)result] += weight * reached[i];
            if (behind != 0)
            {
                // Whatever ends the handoff here keeps the call from what is behind. What never came of the target mostly cannot: an INVITE is not accepted.
                foreach (var end in (ReadOnlySpan<CallResult>)[CallResult.Answered, CallResult.Accepted, CallResult.TurnedAway])
                {
                    if (steps[i].Rate(end).Value > 0)
                        Slope(steps[i], end)[(int)result] -= weight * reached[i] * behind;
                }
            }
            behind = own + (1 - Ended(steps[i])) * behind;
        }
        _values[(int)result] += weight * behind;
    }

    private static double Ended(Target target) =>
        target.Rate(CallResult.Answered).Value + target.Rate(CallResult.Accepted).Value + target.Rate(CallResult.TurnedAway).Value;

    private double[] Slope(Target target, CallResult of)
    {
        ref double[]? slope = ref CollectionsMarshal.GetValueRefOrAddDefault(_slopes, (target, of), out _);
        return slope ??= new double[CallResults.Counted];
    }

    private Estimate Estimate(CallResult result)
    {
        double value = Math.Clamp(_values[(int)result], 0, 1);
        double below = 0;
        double above = 0;
        foreach (var ((target, of), slopes) in _slopes)
        {
            double slope = slopes[(int)result];
            if (slope == 0)
                continue;
            var rate = target.Rate(of);
            double down = slope * (rate.Value - rate.Low);
            double up = slope * (rate.High - rate.Value);
            below += slope > 0 ? down * down : up * up;
            above += slope > 0 ? up * up : down * down;
        }
        return new Estimate(value, Math.Max(0, value - Math.Sqrt(below)), Math.Min(1, value + Math.Sqrt(above)));
    }
}
