namespace EventCalls.Sip.Extensions.DigestServer;

/// <summary>Which counts of which nonces were used, so that a request that was listened to cannot be sent once more (RFC 7616 §3.4, §5.12). Only right answers come here.</summary>
/// <remarks>It holds so many nonces and no more: one that is pushed out takes all that are as old with it, so that no replay slips through.</remarks>
internal sealed class NonceCounts(int most)
{
    private const int Window = 64;

    private readonly Dictionary<UInt128, Used> _used = [];
    private readonly Queue<(UInt128 Id, uint MadeAt)> _order = [];
    private uint _forgottenUpTo;

    /// <summary>Takes a count of a nonce; false when it was used before, or may have been.</summary>
    /// <param name="id">The nonce.</param>
    /// <param name="madeAt">When it was made, seconds.</param>
    /// <param name="count">Its count, from 1.</param>
    /// <param name="oldest">Nonces made before are not answered any more, seconds.</param>
    public bool TryUse(UInt128 id, uint madeAt, uint count, uint oldest)
    {
        if (_used.TryGetValue(id, out var used))
        {
            if (!used.TryAdd(count))
                return false;
            _used[id] = used;
            return true;
        }
        if (madeAt <= _forgottenUpTo)
            return false;
        while (_order.TryPeek(out var first) && first.MadeAt < oldest)
            _used.Remove(_order.Dequeue().Id);
        if (_used.Count >= most)
        {
            var (pushedOut, its) = _order.Dequeue();
            _used.Remove(pushedOut);
            _forgottenUpTo = Math.Max(_forgottenUpTo, its);
        }
        used.TryAdd(count);
        _used.Add(id, used);
        _order.Enqueue((id, madeAt));
        return true;
    }

    /// <summary>The highest count, and which of the 64 up to it were used: datagrams may overtake each other.</summary>
    private struct Used
    {
        private uint _highest;
        private ulong _bits;

        public bool TryAdd(uint count)
        {
            if (count > _highest)
            {
                uint further = count - _highest;
                _bits = further >= Window ? 1 : (_bits << (int)further) | 1;
                _highest = count;
                return true;
            }
            uint back = _highest - count;
            if (back >= Window || (_bits & (1UL << (int)back)) != 0)
                return false;
            _bits |= 1UL << (int)back;
            return true;
        }
    }
}
