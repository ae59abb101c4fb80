using EventCalls.Contracts;
using EventCalls.Routing.Lookups;

namespace EventCalls.Simulation.Forks;

/// <summary>Answers look-ups as they were answered in the recorded call, and what was not asked then from the tables configured now.</summary>
public sealed class RecordedThenLiveLookups(IReadOnlyList<LookupAnswer> recorded, ILookupSource live) : ILookupSource
{
    private readonly RecordedLookups _recorded = new(recorded);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>What was asked of the tables configured now, as <c>table[key]</c>.</summary>
    public IReadOnlyCollection<string> AskedLive => _asked;

    /// <inheritdoc />
    public bool TryFind(string name, string key, out string? value)
    {
        if (_recorded.TryFind(name, key, out value))
            return true;
        lock (_asked)
            _asked.Add($"{name}[{key}]");
        return live.TryFind(name, key, out value);
    }

    /// <inheritdoc />
    public string Refusal(string name, string key) => live.Refusal(name, key);
}
