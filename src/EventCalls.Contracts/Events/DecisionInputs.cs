namespace EventCalls.Contracts;

/// <summary>The recorded inputs of one decision: with these and the call's events it can be taken again.</summary>
public sealed record DecisionInputs
{
    /// <summary>What <c>conv.Now</c> answered, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The seed behind <c>conv.Random</c>.</summary>
    public required int Seed { get; init; }

    /// <summary>Each <c>conv.Lookup</c> that was made, in order.</summary>
    public IReadOnlyList<LookupAnswer> Lookups { get; init; } = [];
}
