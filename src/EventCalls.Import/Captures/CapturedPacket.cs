namespace EventCalls.Import.Captures;

/// <summary>A packet as it was captured.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="LinkType">What it begins with (the LINKTYPE_ values of tcpdump.org).</param>
/// <param name="Bytes">What was captured of it; valid until the next packet is read.</param>
/// <param name="Length">How long it was on the wire, bytes.</param>
/// <param name="Offset">Where it lies in the file.</param>
internal readonly record struct CapturedPacket(DateTimeOffset Time, int LinkType, ReadOnlyMemory<byte> Bytes, long Length, long Offset)
{
    /// <summary>How much of it was captured, bytes.</summary>
    public int Captured { get; } = Bytes.Length;
}
