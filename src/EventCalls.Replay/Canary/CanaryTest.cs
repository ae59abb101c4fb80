using EventCalls.Contracts;

namespace EventCalls.Replay.Canary;

/// <summary>What calls show of two versions, as evidence that may be looked at after every call.</summary>
/// <remarks>
/// Each figure is an e-process: how likely the outcomes are when both rates of success are unknown (the Krichevsky–Trofimov mixture of each version), over how
/// likely they are at best when the hypothesis is true. While it is true, the figure ever reaches 1/α with a probability of at most α (Ville's inequality),
/// however often one looks, and in whatever order calls of the two come (universal inference: Wasserman, Ramdas, Balakrishnan, PNAS 2020).
/// </remarks>
public static class CanaryTest
{
    private const double Largest = 700;
    private const int Halvings = 60;

    /// <summary>The evidence against "the challenger succeeds at least as often": from 0; 20 and more is what chance gives 1 in 20 times at most.</summary>
    public static double Worse(CanaryCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (n, s, n0, s0) = (counts.ChallengerCalls, counts.ChallengerGood, counts.ChampionCalls, counts.ChampionGood);
        double best = Rate(s, n) >= Rate(s0, n0) || n == 0 || n0 == 0
            ? Likelihood(s, n, Rate(s, n)) + Likelihood(s0, n0, Rate(s0, n0))
            : Likelihood(s + s0, n + n0, Rate(s + s0, n + n0));
        return Evidence(counts, best);
    }

    /// <summary>The evidence against "the challenger succeeds less often by the margin or more".</summary>
    /// <param name="counts">What calls came to.</param>
    /// <param name="margin">How much smaller its rate would be, over 0, under 1.</param>
    public static double NoWorse(CanaryCounts counts, double margin)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (n, s, n0, s0) = (counts.ChallengerCalls, counts.ChallengerGood, counts.ChampionCalls, counts.ChampionGood);
        double best;
        if (n == 0 || n0 == 0)
        {
            best = Likelihood(s, n, Rate(s, n)) + Likelihood(s0, n0, Rate(s0, n0));
        }
        else if (Rate(s, n) <= Rate(s0, n0) - margin)
        {
            best = Likelihood(s, n, Rate(s, n)) + Likelihood(s0, n0, Rate(s0, n0));
        }
        else
        {
            double q = Boundary(n, s, n0, s0, margin);
            best = Likelihood(s, n, q - margin) + Likelihood(s0, n0, q);
        }
        return Evidence(counts, best);
    }

    // Of all pairs that lie apart by the margin the likeliest: the sum is concave, so its slope is halved to zero.
    private static double Boundary(long n, long s, long n0, long s0, double margin)
    {
        double low = margin, high = 1;
        for (int i = 0; i < Halvings; i++)
        {
            double q = (low + high) / 2;
            if (Slope(s, n, q - margin) + Slope(s0, n0, q) > 0)
                low = q;
            else
                high = q;
        }
        return (low + high) / 2;
    }

    private static double Slope(long s, long n, double p) => (s == 0 ? 0 : s / p) - (s == n ? 0 : (n - s) / (1 - p));

    private static double Evidence(CanaryCounts c, double best) =>
        Math.Exp(Math.Min(Largest, Mixture(c.ChallengerGood, c.ChallengerCalls) + Mixture(c.ChampionGood, c.ChampionCalls) - best));

    private static double Rate(long s, long n) => n == 0 ? 0 : (double)s / n;

    private static double Likelihood(long s, long n, double p) => (s == 0 ? 0 : s * Math.Log(p)) + (s == n ? 0 : (n - s) * Math.Log(1 - p));

    // ln B(s + ½, n − s + ½) − ln B(½, ½); B(½, ½) is π.
    private static double Mixture(long s, long n) => LogGamma(s + 0.5) + LogGamma(n - s + 0.5) - LogGamma(n + 1) - Math.Log(Math.PI);

    // Stirling's series; below 10 by the recurrence, where it would not be exact enough.
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 10; x++)
            shift -= Math.Log(x);
        double inverse = 1 / x, square = inverse * inverse;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square / 1260)))));
    }
}
