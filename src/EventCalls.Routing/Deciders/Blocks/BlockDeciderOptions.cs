using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>How a decider of past calls decides.</summary>
public sealed record BlockDeciderOptions
{
    /// <summary>How its process is started.</summary>
    public required DeciderProcessOptions Process { get; init; }

    /// <summary>Limits and known endpoints; of its look-ups nothing is used.</summary>
    public required DecideOptions Decide { get; init; }

    /// <summary>Tables that answer what was never looked up; null for none.</summary>
    public LookupTables? Tables { get; init; }

    /// <summary>Whether it is the second one, which decides in changing time zones, and with another clock and seed where the logic asks for neither.</summary>
    public bool IsSecond { get; init; }
}
