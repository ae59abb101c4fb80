namespace EventCalls.Import.Captures;

/// <summary>A packet that comes in fragments: in any order, repeated, overlapping. What came first is kept where they differ.</summary>
internal sealed class FragmentedPacket(DateTimeOffset since, long offset)
{
    /// <summary>The longest packet there is, bytes.</summary>
    public const int MostBytes = 65_535;

    // The parts that are there, in order, none touching another.
    private readonly List<(int Start, int End)> _parts = [];
    private byte[] _bytes = [];
    private int _total = -1;

    /// <summary>When its first fragment came, UTC.</summary>
    public DateTimeOffset Since => since;

    /// <summary>Where its first fragment lies in the file.</summary>
    public long Offset => offset;

    /// <summary>What it takes in memory, bytes.</summary>
    public int Size => _bytes.Length;

    /// <summary>The protocol of the payload, which the fragment at the start says.</summary>
    public byte Protocol { get; private set; }

    /// <summary>Whether zeros stand in it where bytes were not captured.</summary>
    public bool IsPatched { get; private set; }

    /// <summary>Whether its payload was taken.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => _total >= 0 && _parts is [(0, var end)] && end >= _total;

    /// <summary>Hands the payload over, of a complete packet, and keeps nothing of it.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var payload = _bytes.AsMemory(0, _total);
        _bytes = [];
        IsDone = true;
        return payload;
    }

    /// <summary>Takes a fragment in; false when it cannot belong to a packet.</summary>
    public bool Add(in IpPacket fragment)
    {
        int start = fragment.FragmentOffset;
        int end = start + fragment.Payload.Length;
        if (end > MostBytes || end == start)
            return false;
        IsPatched |= fragment.IsPatched;
        if (start == 0 || _parts.Count == 0)
            Protocol = fragment.Protocol;
        if (!fragment.HasMoreFragments && _total < 0)
            _total = end;
        if (_bytes.Length < end)
            Array.Resize(ref _bytes, Math.Max(end, Math.Min(MostBytes, _bytes.Length * 2)));
        int at = start;
        foreach (var (partStart, partEnd) in _parts)
        {
            if (partEnd <= at)
                continue;
            if (partStart >= end)
                break;
            if (partStart > at)
                Copy(fragment.Payload.Span, start, at, partStart);
            at = partEnd;
        }
        if (at < end)
            Copy(fragment.Payload.Span, start, at, end);
        Cover(start, end);
        return true;
    }

    private void Copy(ReadOnlySpan<byte> payload, int payloadStart, int from, int to) =>
        payload[(from - payloadStart)..(to - payloadStart)].CopyTo(_bytes.AsSpan(from));

    private void Cover(int start, int end)
    {
        int index = 0;
        while (index < _parts.Count && _parts[index].End < start)
            index++;
        int count = 0;
        while (index + count < _parts.Count && _parts[index + count].Start <= end)
        {
            start = Math.Min(start, _parts[index + count].Start);
            end = Math.Max(end, _parts[index + count].End);
            count++;
        }
        _parts.RemoveRange(index, count);
        _parts.Insert(index, (start, end));
    }
}
