using System.Runtime.InteropServices;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Counts by kind, for at most so many kinds: what comes first is kept, the rest is counted together.</summary>
internal sealed class Tally<TKey>(int mostKinds)
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _counts = [];

    /// <summary>How many were counted of kinds that are not kept.</summary>
    public long Omitted { get; private set; }

    /// <summary>Counts one; allocates nothing for a kind that is known.</summary>
    public void Add(TKey kind)
    {
        ref long count = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, kind);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
            count++;
        else if (_counts.Count < mostKinds)
            _counts.Add(kind, 1);
        else
            Omitted++;
    }

    /// <summary>Adds another tally's counts.</summary>
    public void Add(Tally<TKey> other)
    {
        Omitted += other.Omitted;
        foreach (var (kind, count) in other._counts)
        {
            if (_counts.ContainsKey(kind) || _counts.Count < mostKinds)
                _counts[kind] = _counts.GetValueOrDefault(kind) + count;
            else
                Omitted += count;
        }
    }

    /// <summary>The kinds with the most first; of those that are equally frequent, in the order of their names.</summary>
    public Listing<TItem> Sorted<TItem>(Func<TKey, string> name, Func<TKey, long, TItem> item) =>
        new([.. _counts.OrderByDescending(c => c.Value).ThenBy(c => name(c.Key), StringComparer.Ordinal).Select(c => item(c.Key, c.Value))], Omitted);

    public void Save(BinaryWriter writer, Action<BinaryWriter, TKey> writeKind)
    {
        writer.Write(Omitted);
        writer.Write(_counts.Count);
        foreach (var (kind, count) in _counts)
        {
            writeKind(writer, kind);
            writer.Write(count);
        }
    }

    public void Load(BinaryReader reader, Func<BinaryReader, TKey> readKind)
    {
        _counts.Clear();
        Omitted = reader.ReadInt64();
        for (int left = reader.ReadCount(mostKinds); left > 0; left--)
        {
            var kind = readKind(reader);
            _counts[kind] = reader.ReadInt64();
        }
    }
}

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
