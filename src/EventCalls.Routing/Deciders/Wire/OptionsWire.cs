using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What a decision is taken with; tables and endpoints are sent once and named by a number, 0 for none.</summary>
internal static class OptionsWire
{
    public static void Write(WireWriter to, DecideOptions options, int tables, int endpoints)
    {
        to.Int(options.TimeLimit.Ticks);
        to.Int(options.AllocationLimit);
        to.Bool(options.Trace);
        to.Count(tables);
        to.Count(endpoints);
        EventWire.WriteAnswers(to, Portable(options).Recorded);
    }

    public static DecideOptions Read(
        ref WireReader from, IReadOnlyDictionary<int, LookupTables> tables, IReadOnlyDictionary<int, HashSet<string>> endpoints)
    {
        var timeLimit = TimeSpan.FromTicks(from.Int());
        long allocationLimit = from.Int();
        bool trace = from.Bool();
        int tableSet = from.Count();
        int endpointSet = from.Count();
        var recorded = EventWire.ReadAnswers(ref from);
        return new DecideOptions
        {
            TimeLimit = timeLimit,
            AllocationLimit = allocationLimit,
            Trace = trace,
            KnownEndpoints = endpointSet == 0 ? null : endpoints[endpointSet],
            Lookups = tableSet == 0 ? new RecordedLookups(recorded) : recorded.Count == 0 ? tables[tableSet] : new RecordedThenTables(recorded, tables[tableSet]),
        };
    }

    /// <exception cref="NotSupportedException">Another process cannot answer from it.</exception>
    public static IPortableLookups Portable(DecideOptions options) => options.Lookups as IPortableLookups
        ?? throw new NotSupportedException($"Look-ups of the kind {options.Lookups.GetType().Name} cannot be answered in another process; implement {nameof(IPortableLookups)}.");
}
