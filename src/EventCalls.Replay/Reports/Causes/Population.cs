namespace EventCalls.Replay.Reports.Causes;

/// <summary>Calls that had the same old flow at the same decision: those that changed in one way are compared with the rest of them.</summary>
internal sealed class Population
{
    /// <summary>The most unchanged calls that are kept of each.</summary>
    public const int SampleSize = 4000;

    /// <summary>Those that did not change at this decision, or not first at this one.</summary>
    public CallSample Unchanged { get; } = new(SampleSize);

    /// <summary>Those that changed in a way that is not kept as a group.</summary>
    public long ChangedInNoGroup { get; set; }
}
