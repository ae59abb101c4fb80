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
