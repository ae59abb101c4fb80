namespace EventCalls.Import.Captures;

/// <summary>Counts, for one file, what could not be read of its packets, so that each kind is named once.</summary>
internal sealed class UnreadPackets(ImportProblems problems)
{
    private const int MostKinds = 64;

    private readonly Dictionary<Unread, (long Count, long First)> _kinds = [];
    private long _cut;
    private string _firstCut = "";
    private long _firstCutAt;

    /// <summary>Counts a packet of a kind that is not read.</summary>
    public void Add(Unread what, long offset)
    {
        if (_kinds.TryGetValue(what, out var known))
            _kinds[what] = (known.Count + 1, known.First);
        else if (_kinds.Count < MostKinds)
            _kinds.Add(what, (1, offset));
    }

    /// <summary>Counts a packet with SIP of which a part was captured.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="missing">How many bytes are missing as the packet itself says.</param>
    public void AddCut(in CapturedPacket packet, int missing)
    {
        if (_cut++ > 0)
            return;
        _firstCut = $"{packet.Captured} of {Math.Max(packet.Length, packet.Captured + missing)} bytes captured";
        _firstCutAt = packet.Offset;
    }

    /// <summary>Notes what was counted in the file that ends, and begins anew.</summary>
    public void EndFile()
    {
        foreach (var (what, (count, first)) in _kinds)
            problems.AtOffset(first, $"{count} {(count == 1 ? "packet" : "packets")} {what.Words}");
        _kinds.Clear();
        if (_cut > 0)
            problems.AtOffset(_firstCutAt, $"{_firstCut} of this SIP packet{(_cut > 1 ? $", and {_cut - 1} more were cut" : "")}: what lies in the rest is missing. Capture whole packets (tcpdump -s 0)");
        _cut = 0;
    }
}
