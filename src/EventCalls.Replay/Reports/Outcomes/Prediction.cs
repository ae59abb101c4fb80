using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>What so many calls that move will come to: an interval that holds their own share with 95 %, not that of all calls there ever could be.</summary>
/// <remarks>
/// What is not known of a target's rates and the chance of the calls themselves go into it together: rates are drawn from what the target's history leaves open (a Dirichlet distribution, half an
/// attempt added to each result that is possible, after Jeffreys), and the calls are played with them, some thousand times with always the same seed. For calls to one target that is its beta-binomial
/// distribution. Calls to the same target share the rates of a draw.
/// </remarks>
internal sealed class Prediction
{
    private const int Seed = 20261;
    private const int MostDraws = 4_000;
    private const int LeastDraws = 200;
    private const int MostPlays = 400_000;
    private const double Tail = 0.025;
    private const double Prior = 0.5;

    private readonly int _draws;
    private readonly Dictionary<Target, double[][]> _rates = [];
    private readonly long[][] _all;
    private long _calls;

    /// <param name="chains">How many chains of targets there will be.</param>
    public Prediction(int chains)
    {
        _draws = Math.Clamp(MostPlays / Math.Max(1, chains), LeastDraws, MostDraws);
        _all = NewCounts();
    }

    /// <summary>Plays the calls of a chain, whose first target has history; their rates as expected, with the intervals of their own shares.</summary>
    public ResultRates Add(IReadOnlyList<Target> steps, long calls, ResultRates expected)
    {
        // A sequence of its own for each chain, so that the intervals of one do not depend on which others there are.
        var random = new Random(Seed + string.Join(' ', steps.Select(s => s.Name)).Aggregate(17, (hash, c) => unchecked(hash * 31 + c)));
        var counts = NewCounts();
        var one = new long[CallResults.Counted];
        for (int draw = 0; draw < _draws; draw++)
        {
            Array.Clear(one);
            Play(steps, calls, draw, random, one);
            for (int i = 0; i < one.Length; i++)
            {
                counts[i][draw] = one[i];
                _all[i][draw] += one[i];
            }
        }
        _calls += calls;
        return Intervals(expected, counts, calls);
    }

    /// <summary>The same of all calls that were played.</summary>
    public ResultRates? All(ResultRates? expected) => expected is null || _calls == 0 ? null : Intervals(expected, _all, _calls);

    private static ResultRates Intervals(ResultRates expected, long[][] counts, long calls)
    {
        Estimate[] rates = [expected.Answered, expected.Accepted, expected.Busy, expected.NoAnswer, expected.Failed, expected.TurnedAway];
        return Rates.From(result => Interval(rates[(int)result].Value, counts[(int)result], calls)) with { Unknown = expected.Unknown };
    }

    private static Estimate Interval(double value, long[] counts, long calls)
    {
        Array.Sort(counts);
        double low = (double)counts[(int)Math.Floor(Tail * (counts.Length - 1))] / calls;
        double high = (double)counts[(int)Math.Ceiling((1 - Tail) * (counts.Length - 1))] / calls;
        return new Estimate(value, Math.Min(low, value), Math.Max(high, value));
    }

    private void Play(IReadOnlyList<Target> steps, long calls, int draw, Random random, long[] counts)
    {
        for (int i = 0; i < steps.Count && calls > 0; i++)
        {
            // What becomes of calls that reach a target without history is not known; they count as nothing.
            if (!steps[i].HasHistory)
                return;
            bool isLast = i == steps.Count - 1;
            long left = calls;
            double rest = 1;
            var rates = RatesOf(steps[i])[draw];
            for (int result = 0; result < CallResults.Counted && left > 0; result++)
            {
                long these = rest <= 0 ? 0 : Binomial(left, Math.Min(1, rates[result] / rest), random);
                rest -= rates[result];
                left -= these;
                if (!CallResults.Ends((CallResult)result) && !isLast)
                    continue;
                counts[result] += these;
                calls -= these;
            }
        }
    }

    private double[][] RatesOf(Target target)
    {
        if (_rates.TryGetValue(target, out var known))
            return known;
        var random = new Random(Seed + target.Id);
        var rates = new double[_draws][];
        for (int draw = 0; draw < _draws; draw++)
            rates[draw] = Draw(target, random);
        return _rates[target] = rates;
    }

    private static double[] Draw(Target target, Random random)
    {
        var rates = new double[CallResults.Counted];
        if (target.Certain is { } certain)
        {
            rates[(int)certain] = 1;
            return rates;
        }
        double sum = 0;
        for (int i = 0; i < rates.Length; i++)
        {
            long count = target.CountOf((CallResult)i);
            if (count > 0 || IsPossible(target.Method, (CallResult)i))
                sum += rates[i] = Gamma(count + Prior, random);
        }
        for (int i = 0; i < rates.Length; i++)
            rates[i] /= sum;
        return rates;
    }

    private static bool IsPossible(HandoffMethod method, CallResult result) =>
        result is CallResult.Answered or CallResult.Busy or CallResult.NoAnswer or CallResult.Failed || (result == CallResult.Accepted && method == HandoffMethod.Refer);

    // G. Marsaglia and W. W. Tsang, A Simple Method for Generating Gamma Variables, ACM TOMS 26, 2000.
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1)
            return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3;
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random);
            double v = 1 + c * x;
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static long Binomial(long of, double chance, Random random)
    {
        if (chance >= 1)
            return of;
        if (chance > 0.5)
            return of - Binomial(of, 1 - chance, random);
        double variance = of * chance * (1 - chance);
        if (variance > 100)
            return Math.Clamp((long)Math.Round(of * chance + Math.Sqrt(variance) * Normal(random)), 0, of);
        // By inversion, from none upwards.
        double odds = chance / (1 - chance);
        double mass = Math.Pow(1 - chance, of);
        double left = random.NextDouble();
        long count = 0;
        while (left > mass && count < of)
        {
            left -= mass;
            count++;
            mass *= odds * (of - count + 1) / count;
        }
        return count;
    }

    private long[][] NewCounts() => [.. Enumerable.Range(0, CallResults.Counted).Select(_ => new long[_draws])];
}
