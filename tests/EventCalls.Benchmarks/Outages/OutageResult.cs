namespace EventCalls.Benchmarks.Outages;

/// <summary>What came of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="FaultSeconds">How long the fault lasted, seconds.</param>
/// <param name="Verdict">What came of its calls; null when it could not be run.</param>
/// <param name="CatchUpSeconds">How long after the last call the store had all that it ever got, seconds.</param>
/// <param name="Problem">Why it could not be run, or what ended that should not; null for nothing.</param>
internal sealed record OutageResult(OutageCase Case, int FaultSeconds, OutageVerdict? Verdict, double CatchUpSeconds, string? Problem)
{
    public bool IsClean => Verdict is { IsClean: true } && Problem is null;

    public string Fault => string.Format(System.Globalization.CultureInfo.InvariantCulture, Case.Fault, FaultSeconds);
}
