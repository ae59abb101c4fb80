using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciding;

/// <summary>What a decision is taken with, besides the logic and the request.</summary>
public sealed record DecideOptions
{
    /// <summary>Where <c>conv.Lookup</c> gets its answers.</summary>
    public ILookupSource Lookups { get; init; } = LookupTables.None;

    /// <summary>How long the logic may take, over 0.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many bytes the logic may allocate in one decision.</summary>
    public long AllocationLimit { get; init; } = 256L << 20;

    /// <summary>The outbound endpoints that are configured; null leaves their names unchecked.</summary>
    public IReadOnlySet<string>? KnownEndpoints { get; init; }

    /// <summary>Whether to keep all that the logic reads in <see cref="DecisionResult.Reads"/>.</summary>
    public bool Trace { get; init; }
}
