using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>Answers as recorded, and what was not asked then from tables.</summary>
internal sealed class RecordedThenTables(IReadOnlyList<LookupAnswer> recorded, LookupTables tables) : IPortableLookups
{
    private readonly RecordedLookups _recorded = new(recorded);

    public IReadOnlyList<LookupAnswer> Recorded => _recorded.Recorded;

    public LookupTables? Tables => tables;

    public bool TryFind(string name, string key, out string? value) =>
        _recorded.TryFind(name, key, out value) || tables.TryFind(name, key, out value);

    // Of a past call it is not known what the answer would have been.
    public bool Refuses(string name, string key) => _recorded.Refuses(name, key) || (tables.AreLive && tables.Refuses(name, key));

    public bool Awaits(string name, string key) => !_recorded.Refuses(name, key) && tables.Awaits(name, key);

    public string Refusal(string name, string key) => _recorded.Refuses(name, key) ? _recorded.Refusal(name, key) : tables.Refusal(name, key);
}
