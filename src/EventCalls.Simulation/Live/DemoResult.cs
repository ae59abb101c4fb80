using EventCalls.Contracts;

namespace EventCalls.Simulation.Live;

/// <summary>What a demo came to, read from its store.</summary>
public sealed record DemoResult
{
    /// <summary>How many calls were to be made.</summary>
    public required int Calls { get; init; }

    /// <summary>How many of them have ended.</summary>
    public required int Ended { get; init; }

    /// <summary>How many calls the store has that nobody made, or that it has a second time.</summary>
    public required int Unplanned { get; init; }

    /// <summary>Calls that did not go as expected, and what was otherwise.</summary>
    public required IReadOnlyList<(PlannedCall Call, IReadOnlyList<string> Differences)> Unexpected { get; init; }

    /// <summary>How many calls had which outcome last, the most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<TransferOutcome, int>> Outcomes { get; init; }

    /// <summary>How many calls were in which flow last, the most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<string, int>> Flows { get; init; }

    /// <summary>The SQLite file.</summary>
    public required string Store { get; init; }

    /// <summary>The version of the routing logic that decided.</summary>
    public required string LogicVersion { get; init; }

    /// <summary>A call worth looking at: the one with the most events.</summary>
    public Guid? Telling { get; init; }

    /// <summary>How many calls went as expected.</summary>
    public int AsExpected => Calls - Unexpected.Count;

    /// <summary>Whether everything did.</summary>
    public bool IsAsExpected => Unexpected.Count == 0 && Unplanned == 0;
}

/// <summary>A demo's result as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="result">What it came to.</param>
public sealed class DemoObject(DemoResult result)
{
    public int Calls => result.Calls;

    public int Ended => result.Ended;

    public int AsExpected => result.AsExpected;

    public IReadOnlyDictionary<string, int> Outcomes => new OrderedDictionary<string, int>(result.Outcomes.Select(o => KeyValuePair.Create(WireName.Of(o.Key), o.Value)));

    public IReadOnlyDictionary<string, int> Flows => new OrderedDictionary<string, int>(result.Flows);

    public string Store => result.Store;

    public string LogicVersion => result.LogicVersion;
}
