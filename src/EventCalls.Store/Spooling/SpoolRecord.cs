namespace EventCalls.Store.Spooling;

/// <summary>Where a batch lies in the spool.</summary>
internal sealed record SpoolRecord(SpoolFile File, long Offset, int Length, int Events)
{
    /// <summary>What it takes in the file.</summary>
    public long Bytes => SpoolFrame.HeaderBytes + Length;
}
