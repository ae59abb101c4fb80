namespace EventCalls.Replay.Reports;

/// <summary>So many of so many.</summary>
public sealed record Share(long Count, long Of)
{
    /// <summary>0–1; 0 of nothing is 0.</summary>
    public double Fraction => Of == 0 ? 0 : (double)Count / Of;
}
