using System.Diagnostics.CodeAnalysis;

namespace EventCalls.Sip.Transactions;

/// <summary>Server transactions that have said all they will say, and only wait for repetitions (timers J and L; RFC 3261 §17.2.2, RFC 6026 §7.1).</summary>
/// <remarks>
/// A finished transaction waits 64·T1, so at a thousand calls a second tens of thousands do. They are kept as entries of one ring and bytes of a
/// few large blocks, oldest first, and not as objects: there is nothing for the collector to trace, to move or to promote.
/// </remarks>
internal sealed class FinishedTransactions(TimingWheel wheel, int waitMs) : WheelTimer
{
    private const int None = -1;
    private const long SweepMs = 100;

    private readonly FinishedBytes _bytes = new();
    private Entry[] _entries = new Entry[64];
    private Hop?[] _hops = new Hop?[64];
    private int[] _chains = NewChains(64);
    private int _oldest;

    private struct Entry
    {
        public long DueAt;
        public FinishedBytes.Place Key;
        public FinishedBytes.Place Response;
        public int Hash;
        public int Next;
    }

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held for keys and responses, unused room included.</summary>
    public long HeldBytes => _bytes.Held;

    /// <summary>Keeps the key for 64·T1, and the response for whoever asks again; an empty one: repetitions are absorbed.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> response, Hop hop)
    {
        if (Count == _entries.Length)
            Grow();
        int at = (_oldest + Count++) & (_entries.Length - 1);
        ref var entry = ref _entries[at];
        entry.DueAt = wheel.Now + waitMs;
        entry.Key = _bytes.Add(key);
        entry.Response = _bytes.Add(response);
        entry.Hash = BytesComparer.Instance.GetHashCode(key);
        _hops[at] = hop;
        Chain(at);
        if (!IsScheduled)
            wheel.Schedule(this, waitMs);
    }

    /// <summary>Whether a transaction of that key waits; its last response, which may be empty, and where that goes.</summary>
    public bool TryFind(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> response, [NotNullWhen(true)] out Hop? hop)
    {
        int hash = BytesComparer.Instance.GetHashCode(key);
        for (int at = _chains[hash & (_chains.Length - 1)]; at != None; at = _entries[at].Next)
        {
            ref var entry = ref _entries[at];
            if (entry.Hash != hash || !_bytes.At(entry.Key).SequenceEqual(key))
                continue;
            response = _bytes.At(entry.Response);
            hop = _hops[at]!;
            return true;
        }
        response = default;
        hop = null;
        return false;
    }

    /// <summary>Forgets what has waited long enough; what has not is looked at again in a tenth of a second at the earliest.</summary>
    protected internal override void Fire()
    {
        while (Count > 0 && _entries[_oldest].DueAt <= wheel.Now)
            RemoveOldest();
        if (Count > 0)
            wheel.Schedule(this, Math.Max(_entries[_oldest].DueAt - wheel.Now, SweepMs));
    }

    private void RemoveOldest()
    {
        ref var entry = ref _entries[_oldest];
        // New entries go before older ones, so the oldest is its chain's last.
        ref int link = ref _chains[entry.Hash & (_chains.Length - 1)];
        while (link != _oldest)
            link = ref _entries[link].Next;
        link = entry.Next;
        _bytes.Remove(entry.Key);
        _bytes.Remove(entry.Response);
        _hops[_oldest] = null;
        _oldest = (_oldest + 1) & (_entries.Length - 1);
        Count--;
    }

    private void Chain(int at)
    {
        ref int head = ref _chains[_entries[at].Hash & (_chains.Length - 1)];
        _entries[at].Next = head;
        head = at;
    }

    private void Grow()
    {
        int length = 2 * _entries.Length;
        var entries = new Entry[length];
        var hops = new Hop?[length];
        int first = _entries.Length - _oldest;
        Array.Copy(_entries, _oldest, entries, 0, first);
        Array.Copy(_entries, 0, entries, first, _oldest);
        Array.Copy(_hops, _oldest, hops, 0, first);
        Array.Copy(_hops, 0, hops, first, _oldest);
        (_entries, _hops, _chains, _oldest) = (entries, hops, NewChains(length), 0);
        for (int at = 0; at < Count; at++)
            Chain(at);
    }

    private static int[] NewChains(int length)
    {
        var chains = new int[length];
        Array.Fill(chains, None);
        return chains;
    }
}
