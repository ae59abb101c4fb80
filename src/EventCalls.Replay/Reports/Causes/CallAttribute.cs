namespace EventCalls.Replay.Reports.Causes;

/// <summary>Something calls can be compared by, and which of them have which value.</summary>
/// <param name="Kind">As in <see cref="CauseCondition.Kind"/>.</param>
/// <param name="Name">The header's name or the state's key; else empty.</param>
/// <param name="Family">Attributes that say the same more or less exactly; a cause has one of a family at most.</param>
/// <param name="Rank">Which one is named of those that fit equally: the lowest.</param>
/// <param name="Values">The calls by value, for values that are frequent enough among the changed calls.</param>
internal sealed record CallAttribute(string Kind, string Name, string Family, int Rank, IReadOnlyDictionary<string, CallSet> Values)
{
    /// <summary>How many values there were to choose from, the rare ones too.</summary>
    public int DistinctValues { get; init; } = Values.Count;
}
