namespace EventCalls.Replay.Reports;

/// <summary>A list whose length is bounded, and what did not fit.</summary>
/// <param name="Items">What is listed, the most frequent first.</param>
/// <param name="Omitted">How many calls belong to kinds that are not listed, because the table was full when they first came; 0 when the list is complete.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, long Omitted)
{
    /// <summary>Whether nothing was left out.</summary>
    public bool IsComplete => Omitted == 0;
}
