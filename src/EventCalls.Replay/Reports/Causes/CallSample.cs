using System.Buffers.Binary;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Calls that had the same old flow at the same decision: those that changed in one way are compared with the rest of them.</summary>
internal sealed class Population
{
    /// <summary>The most unchanged calls that are kept of each.</summary>
    public const int SampleSize = 4000;

    /// <summary>Those that did not change at this decision, or not first at this one.</summary>
    public CallSample Unchanged { get; } = new(SampleSize);

    /// <summary>Those that changed in a way that is not kept as a group.</summary>
    public long ChangedInNoGroup { get; set; }
}

/// <summary>A uniform sample of the calls that were offered: those whose ids have the smallest hashes.</summary>
/// <remarks>Which calls are kept depends on the calls alone, not on their order or on where a run was interrupted.</remarks>
internal sealed class CallSample(int most)
{
    // The largest hash comes out first.
    private readonly PriorityQueue<CallFacts, ulong> _kept = new(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));

    /// <summary>How many calls were offered.</summary>
    public long Offered { get; private set; }

    /// <summary>The calls that are kept, in the order of their hashes: the first n of them are a uniform sample too.</summary>
    public CallFacts[] Kept => [.. _kept.UnorderedItems.OrderBy(i => i.Priority).Select(i => i.Element)];

    /// <summary>A uniform sample of what was offered to any of several samples: of each as much as of the one that kept the smallest share.</summary>
    public static CallFacts[] Union(IEnumerable<CallSample> samples)
    {
        var all = samples.ToList();
        ulong largest = all.Where(s => s.Offered > s._kept.Count).Select(s => s._kept.TryPeek(out _, out ulong hash) ? hash : 0).DefaultIfEmpty(ulong.MaxValue).Min();
        return [.. all.SelectMany(s => s._kept.UnorderedItems).Where(i => i.Priority <= largest).OrderBy(i => i.Priority).Select(i => i.Element)];
    }

    /// <summary>Offers a call; true when it is to be kept, and then <see cref="Keep"/> follows.</summary>
    public bool Offer(Guid call, out ulong hash)
    {
        Offered++;
        hash = Hash(call);
        return _kept.Count < most || (_kept.TryPeek(out _, out ulong largest) && hash < largest);
    }

    /// <summary>Keeps a call that was offered.</summary>
    public void Keep(CallFacts facts, ulong hash)
    {
        if (_kept.Count < most)
            _kept.Enqueue(facts, hash);
        else
            _kept.EnqueueDequeue(facts, hash);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Offered);
        writer.Write(_kept.Count);
        foreach (var (facts, hash) in _kept.UnorderedItems)
        {
            writer.Write(hash);
            facts.Save(writer);
        }
    }

    public void Load(BinaryReader reader, TextPool pool)
    {
        _kept.Clear();
        Offered = reader.ReadInt64();
        for (int left = reader.ReadCount(most); left > 0; left--)
        {
            ulong hash = reader.ReadUInt64();
            _kept.Enqueue(CallFacts.Load(reader, pool), hash);
        }
    }

    // SplitMix64's finisher over both halves: the ids begin with the time, which must not decide.
    private static ulong Hash(Guid call)
    {
        Span<byte> bytes = stackalloc byte[16];
        call.TryWriteBytes(bytes);
        return Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])));
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
