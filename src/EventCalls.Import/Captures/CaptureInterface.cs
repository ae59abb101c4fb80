using System.Buffers.Binary;
using System.Numerics;

namespace EventCalls.Import.Captures;

/// <summary>An interface of a pcapng section: what its packets begin with, and what their times count.</summary>
internal sealed class CaptureInterface
{
    private const int TimeResolution = 9;
    private const int TimeOffset = 14;

    private long _unitsPerSecond = 1_000_000;
    private long _offsetSeconds;

    /// <summary>The LINKTYPE_ value.</summary>
    public required int LinkType { get; init; }

    /// <summary>The most bytes captured of a packet; 0 for all.</summary>
    public required uint SnapLength { get; init; }

    /// <summary>A time as the interface counts it, UTC; null when there is no such time.</summary>
    public DateTimeOffset? TimeOf(ulong units)
    {
        ulong seconds = units / (ulong)_unitsPerSecond;
        ulong rest = units % (ulong)_unitsPerSecond;
        long ticks = (long)((UInt128)rest * TimeSpan.TicksPerSecond / (ulong)_unitsPerSecond);
        BigInteger whole = (BigInteger)seconds + _offsetSeconds;
        return whole >= 0 && whole < CaptureReader.EndOfTime ? DateTimeOffset.UnixEpoch.AddTicks(((long)whole * TimeSpan.TicksPerSecond) + ticks) : null;
    }

    /// <summary>Takes in the options of the interface's block; what is unknown or cut off is passed over.</summary>
    public void ReadOptions(ReadOnlySpan<byte> options, bool isBigEndian)
    {
        while (options.Length >= 4)
        {
            int code = Short(options, isBigEndian);
            int length = Short(options[2..], isBigEndian);
            if (code == 0 || length > options.Length - 4)
                return;
            var value = options.Slice(4, length);
            if (code == TimeResolution && length == 1)
                _unitsPerSecond = Units(value[0]);
            else if (code == TimeOffset && length == 8)
                _offsetSeconds = isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
            options = options[Math.Min(options.Length, 4 + ((length + 3) & ~3))..];
        }
    }

    // The highest bit says that the rest is a power of two, else it is one of ten.
    private static long Units(byte resolution)
    {
        if ((resolution & 0x80) != 0)
            return 1L << Math.Min(resolution & 0x7F, 62);
        long units = 1;
        for (int i = 0; i < Math.Min(resolution, (byte)18); i++)
            units *= 10;
        return units;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
