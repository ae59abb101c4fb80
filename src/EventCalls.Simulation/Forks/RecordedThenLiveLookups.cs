using EventCalls.Contracts;
using EventCalls.Routing.Lookups;

namespace EventCalls.Simulation.Forks;

/// <summary>Answers look-ups as they were answered in the recorded call, and what was not asked then from the tables configured now; in another process as well.</summary>
public sealed class RecordedThenLiveLookups(IReadOnlyList<LookupAnswer> recorded, ILookupSource live) : IPortableLookups
{
    private readonly RecordedLookups _recorded = new(recorded);

    /// <inheritdoc />
    public IReadOnlyList<LookupAnswer> Recorded => recorded;

    /// <inheritdoc />
    public LookupTables? Tables => live as LookupTables;

    /// <summary>What decisions asked of the tables configured now, as <c>table[key]</c>.</summary>
    /// <param name="played">The events of the play, with what each decision looked up.</param>
    public IReadOnlyCollection<string> AskedLive(IEnumerable<CallEvent> played) =>
    [
        .. played.OfType<FlowSelected>().SelectMany(e => e.Inputs?.Lookups ?? [])
            .Where(asked => !recorded.Any(r => r.Name == asked.Name && r.Key == asked.Key))
            .Select(asked => $"{asked.Name}[{asked.Key}]").Distinct(StringComparer.Ordinal),
    ];

    /// <inheritdoc />
    public bool TryFind(string name, string key, out string? value) => _recorded.TryFind(name, key, out value) || live.TryFind(name, key, out value);

    /// <inheritdoc />
    public bool Refuses(string name, string key) => !_recorded.TryFind(name, key, out _) && live.Refuses(name, key);

    /// <inheritdoc />
    public bool Awaits(string name, string key) => !_recorded.Refuses(name, key) && live.Awaits(name, key);

    /// <inheritdoc />
    public string Refusal(string name, string key) => live.Refuses(name, key) ? live.Refusal(name, key) : _recorded.Refusal(name, key);
}
