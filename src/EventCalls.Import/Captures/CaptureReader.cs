using System.Buffers.Binary;
using System.IO.Compression;

namespace EventCalls.Import.Captures;

/// <summary>Reads the packets of a capture one after another; what is damaged is noted and passed over.</summary>
internal abstract class CaptureReader(CaptureStream stream, ImportProblems problems) : IDisposable
{
    private Stream? _file;

    /// <summary>The largest packet, and the largest block, that is taken for one, bytes.</summary>
    protected const int MostBytes = CaptureStream.Window / 2;

    /// <summary>Times from here on are damage, seconds since 1970: the year 9000, so that there is room to count on from what lies before.</summary>
    public const long EndOfTime = 221_845_392_000;

    /// <summary>The format: <c>pcap</c> or <c>pcapng</c>.</summary>
    public abstract string Format { get; }

    /// <summary>How much of the file has been read, as it lies on the disk.</summary>
    public long BytesRead => _file?.Position ?? 0;

    /// <summary>The bytes.</summary>
    protected CaptureStream Stream => stream;

    /// <summary>Where damage is noted.</summary>
    protected ImportProblems Problems => problems;

    /// <summary>Opens a capture that may be compressed with gzip; null when the bytes are none.</summary>
    /// <param name="file">The bytes; closed with the reader.</param>
    /// <param name="problems">Where damage is noted.</param>
    /// <param name="timeOfUntimed">The time for packets without one that come before any other, UTC.</param>
    public static CaptureReader? Open(Stream file, ImportProblems problems, DateTimeOffset timeOfUntimed)
    {
        var stream = new CaptureStream(Unpacked(file));
        var head = stream.Peek(4).Span;
        if (head.Length == 4)
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (magic == PcapngReader.SectionHeader)
                return new PcapngReader(stream, problems, timeOfUntimed) { _file = file };
            if (PcapReader.IsMagic(magic) || PcapReader.IsMagic(BinaryPrimitives.ReverseEndianness(magic)))
                return new PcapReader(stream, problems) { _file = file };
        }
        stream.Dispose();
        return null;
    }

    /// <summary>The file's bytes, unpacked when it is compressed with gzip.</summary>
    public static Stream Unpacked(Stream file)
    {
        Span<byte> head = stackalloc byte[2];
        int read = file.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && head[0] == 0x1F && head[1] == 0x8B ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Reads the next packet; false at the end.</summary>
    public abstract bool TryRead(out CapturedPacket packet);

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    /// <summary>Notes that the file ends within something.</summary>
    protected void NoteEnd(string what)
    {
        int left = stream.Peek(MostBytes).Length;
        problems.AtOffset(stream.Position, stream.Failure is { } why
            ? $"the file cannot be read further: {why}"
            : $"the file ends within {what}: its last {left} bytes cannot be read");
        stream.Skip(left);
    }

    /// <summary>Notes a failure to read that came between packets.</summary>
    protected void NoteFailure()
    {
        if (stream.Failure is { } why)
            problems.AtOffset(stream.Position, $"the file cannot be read further: {why}");
    }

    /// <summary>A time; null when there is no such time.</summary>
    protected static DateTimeOffset? Time(long seconds, long ticks) =>
        seconds is >= 0 and < EndOfTime ? DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + ticks) : null;
}
