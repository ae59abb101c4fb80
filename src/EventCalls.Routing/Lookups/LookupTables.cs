using System.Collections.Frozen;
using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>Look-up tables in memory.</summary>
public sealed class LookupTables : IPortableLookups
{
    private const string Live = "live:";

    private readonly FrozenDictionary<string, FrozenDictionary<string, string?>> _columns;
    private readonly Rotations _rotations = new();

    internal LookupTables(IEnumerable<KeyValuePair<string, FrozenDictionary<string, string?>>> columns) =>
        _columns = columns.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>No tables at all, and turns of their own.</summary>
    public static LookupTables None => new([]);

    internal IReadOnlyDictionary<string, FrozenDictionary<string, string?>> Columns => _columns;

    /// <summary>The names of tables that can be asked for, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _columns.Keys.Where(n => !n.Contains(':')).Order(StringComparer.Ordinal)];

    /// <summary>Tables given directly, one value a key.</summary>
    public static LookupTables From(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return new(tables.Select(t => KeyValuePair.Create(t.Key, t.Value.ToFrozenDictionary(StringComparer.Ordinal))));
    }

    /// <summary>These tables in place of the ones there are; handoff destinations stay.</summary>
    internal LookupTables WithTables(LookupTables tables) =>
        new([.. tables._columns, .. _columns.Where(c => DestinationNames.IsName(c.Key) && !tables._columns.ContainsKey(c.Key))]);

    /// <summary>These answers beside the tables there are; each is the only one of its name, to the empty key.</summary>
    internal LookupTables WithAnswers(IEnumerable<KeyValuePair<string, string>> answers) =>
        new([.. _columns, .. answers.Select(a => KeyValuePair.Create(a.Key, FrozenDictionary.ToFrozenDictionary<string, string?>([KeyValuePair.Create("", (string?)a.Value)], StringComparer.Ordinal)))]);

    /// <summary>The same, with the names of the sources that may be fetched from.</summary>
    public LookupTables WithSources(IReadOnlyList<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return sources.Count == 0 ? this : WithAnswers(sources.Select(s => KeyValuePair.Create(FetchNames.Source + s, "")));
    }

    /// <summary>The same for what fetches: a decision is given up until there is an answer. Else it is an answer that is not known.</summary>
    public LookupTables ForLiveCalls() => AreLive ? this : WithAnswers([KeyValuePair.Create(Live, "")]);

    /// <summary>Whether calls are decided with them now, and not past ones again.</summary>
    internal bool AreLive => _columns.ContainsKey(Live);

    /// <inheritdoc/>
    public IReadOnlyList<LookupAnswer> Recorded => [];

    /// <inheritdoc/>
    public LookupTables? Tables => this;

    /// <inheritdoc/>
    public bool TryFind(string name, string key, out string? value)
    {
        value = null;
        if (Rotations.IsName(name))
        {
            value = _rotations.Next(name);
            return true;
        }

        if (ValueNames.IsName(name) && _columns.ContainsKey(ValueNames.Prefix) && !_columns.ContainsKey(name))
            return true;
        if (!_columns.TryGetValue(name, out var column))
            return false;
        column.TryGetValue(key, out value);
        return true;
    }

    /// <inheritdoc/>
    public bool Refuses(string name, string key) => !_columns.ContainsKey(name) && !IsSource(name);

    /// <inheritdoc/>
    public bool Awaits(string name, string key) => AreLive && IsSource(name);

    /// <inheritdoc/>
    public string Refusal(string name, string key) =>
        DestinationNames.IsName(name) ? DestinationNames.Refusal(name, _columns.Keys)
        : ValueNames.IsName(name) ? ValueNames.Refusal
        : FetchAnswer.IsFetch(name) ? FetchNames.Refusal(name, _columns.Keys)
        : Names.Count == 0
            ? $"There is no look-up table '{name}': none is configured (EventCalls:Routing:Lookups)."
            : $"There is no look-up table '{name}'; configured (EventCalls:Routing:Lookups): {string.Join(", ", Names)}.";

    private bool IsSource(string name) => FetchAnswer.IsFetch(name) && _columns.ContainsKey(FetchNames.SourceOf(name));
}
