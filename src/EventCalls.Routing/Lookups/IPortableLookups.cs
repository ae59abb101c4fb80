using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>A source of answers that another process can answer from as well: recorded ones first, then tables.</summary>
public interface IPortableLookups : ILookupSource
{
    /// <summary>The answers recorded with a past call; of answers to the same question the last one counts.</summary>
    IReadOnlyList<LookupAnswer> Recorded { get; }

    /// <summary>The tables asked for what was not recorded; null when nothing else is asked.</summary>
    LookupTables? Tables { get; }
}
