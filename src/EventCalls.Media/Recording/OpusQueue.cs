namespace EventCalls.Media.Recording;

/// <summary>Brings packets of a codec that remembers the ones before back into their order: a packet waits for those it follows, up to 100 ms.</summary>
internal sealed class OpusQueue
{
    private const int Slots = 16;
    private const int MostBytes = 1500;
    private const int Patience = 800;

    // Further behind than this none is late: the sender has begun anew.
    private const int MostLate = 50;

    private readonly byte[] _bytes = new byte[Slots * MostBytes];
    private readonly Slot[] _slots = new Slot[Slots];
    private int _count;
    private bool _started;
    private ushort _next;

    /// <summary>Adds a packet with its place; false when one that follows it was given out already.</summary>
    public bool Add(in RingPacket packet, long arrival, long position, int stretch)
    {
        if (_started && (short)(packet.Sequence - _next) < -MostLate)
            _started = false;
        if (packet.Payload.Length > MostBytes || _started && (short)(packet.Sequence - _next) < 0 || _count == Slots)
            return false;
        int free = 0;
        while (_slots[free].Used)
            free++;
        packet.Payload.CopyTo(_bytes.AsSpan(free * MostBytes));
        _slots[free] = new Slot(true, packet.Sequence, arrival, position, stretch, packet.Payload.Length);
        _count++;
        return true;
    }

    /// <summary>Takes the packet that is next, when it is here or no longer waited for at a position; its bytes stay until the next call of <see cref="Add"/>.</summary>
    public bool TryTake(long now, bool all, out ReadOnlySpan<byte> payload, out long position, out int stretch)
    {
        payload = [];
        (position, stretch) = (0, 0);
        if (_count == 0)
            return false;
        int lowest = -1;
        for (int i = 0; i < Slots; i++)
        {
            if (_slots[i].Used && (lowest < 0 || (short)(_slots[i].Sequence - _slots[lowest].Sequence) < 0))
                lowest = i;
        }
        var slot = _slots[lowest];
        bool due = all || !_started || slot.Sequence == _next || now - slot.Arrival >= Patience || _count == Slots;
        if (!due)
            return false;
        _slots[lowest] = default;
        _count--;
        _started = true;
        _next = (ushort)(slot.Sequence + 1);
        payload = _bytes.AsSpan(lowest * MostBytes, slot.Length);
        (position, stretch) = (slot.Position, slot.Stretch);
        return true;
    }

    /// <summary>Begins with another stream; what was left is to be taken before.</summary>
    public void Restart() => _started = false;

    private readonly record struct Slot(bool Used, ushort Sequence, long Arrival, long Position, int Stretch, int Length);
}
