namespace EventCalls.Replay.Reports.Causes;

/// <summary>How well a condition tells changed calls from others.</summary>
/// <param name="Hits">Changed calls of the sample that meet it.</param>
/// <param name="FalseHits">Other calls of the samples that meet it.</param>
/// <param name="Coverage">The share of the changed calls that meet it.</param>
/// <param name="FalseRate">The share of the others that meet it.</param>
/// <param name="Precision">Of all calls that meet it, the share that changed.</param>
internal readonly record struct Fit(int Hits, int FalseHits, double Coverage, double FalseRate, double Precision)
{
    /// <summary>The harmonic mean of coverage and precision (F1), 0–1.</summary>
    public double Score => Hits == 0 ? 0 : 2 * Precision * Coverage / (Precision + Coverage);

    /// <summary>How much more often changed calls meet it than others (Youden's J), -1–1; 0 for a condition that has nothing to do with the change.</summary>
    public double Separation => Coverage - FalseRate;
}

/// <summary>How likely it is that a condition fits by chance alone.</summary>
internal sealed class Significance
{
    private readonly double[] _logFactorial;

    /// <param name="most">The most calls that are compared.</param>
    public Significance(int most)
    {
        _logFactorial = new double[Math.Max(2, most + 1)];
        for (int i = 2; i < _logFactorial.Length; i++)
            _logFactorial[i] = _logFactorial[i - 1] + Math.Log(i);
    }

    /// <summary>The logarithm of how many ways there are to choose <paramref name="k"/> of <paramref name="n"/>.</summary>
    public double LogChoose(int n, int k) => _logFactorial[n] - _logFactorial[k] - _logFactorial[n - k];

    /// <summary>The logarithm of Fisher's exact one-sided p: that of the calls which meet the condition at least so many are changed ones, had the change nothing to do with it.</summary>
    /// <param name="hits">Changed calls that meet it.</param>
    /// <param name="changed">Changed calls.</param>
    /// <param name="falseHits">Others that meet it.</param>
    /// <param name="others">Others.</param>
    public double LogP(int hits, int changed, int falseHits, int others)
    {
        int all = changed + others;
        int meeting = hits + falseHits;
        double logAll = LogChoose(all, meeting);
        double first = LogChoose(changed, hits) + LogChoose(others, meeting - hits) - logAll;
        double sum = 0;
        for (int h = hits; h <= Math.Min(changed, meeting); h++)
            sum += Math.Exp(LogChoose(changed, h) + LogChoose(others, meeting - h) - logAll - first);
        return first + Math.Log(sum);
    }
}
