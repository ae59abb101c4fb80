namespace EventCalls.Replay.Reports.Counting;

/// <summary>The first few calls of a kind.</summary>
internal sealed class Examples
{
    private const int Most = 5;

    private readonly List<Guid> _calls = new(Most);

    /// <summary>The calls, in the order they came.</summary>
    public IReadOnlyList<Guid> Calls => [.. _calls];

    /// <summary>A few calls of several kinds: the first of each, then the second of each, and so on.</summary>
    public static IReadOnlyList<Guid> OneOfEach(IEnumerable<Examples> kinds) =>
        [.. kinds.SelectMany(k => k._calls.Select((call, i) => (call, i))).OrderBy(c => c.i).Take(Most).Select(c => c.call)];

    public void Add(Guid call)
    {
        if (_calls.Count < Most)
            _calls.Add(call);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_calls.Count);
        foreach (var call in _calls)
            writer.Write(call);
    }

    public void Load(BinaryReader reader)
    {
        _calls.Clear();
        for (int left = reader.ReadCount(Most); left > 0; left--)
            _calls.Add(reader.ReadGuid());
    }
}
