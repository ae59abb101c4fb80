using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>Reads classic pcap: both byte orders, microseconds and nanoseconds (draft-ietf-opsawg-pcap).</summary>
/// <remarks>
/// The format has no marks to find the next packet by. Behind a record that cannot be right, the next place is looked for where two
/// records in a row could be right and their times are near the last good one.
/// </remarks>
internal sealed class PcapReader : CaptureReader
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int MostPacket = 262_144;
    private const long NearSeconds = 86_400;

    private readonly bool _isReversed;
    private readonly bool _isNano;
    private readonly int _linkType;
    private bool _hasHeader;
    private long _lastSeconds = -1;

    public PcapReader(CaptureStream stream, ImportProblems problems)
        : base(stream, problems)
    {
        var header = stream.Peek(FileHeader).Span;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        _isReversed = !IsMagic(magic);
        _isNano = (_isReversed ? BinaryPrimitives.ReverseEndianness(magic) : magic) == Nanoseconds;
        _hasHeader = header.Length == FileHeader;
        // The upper bits say how long a frame check sequence is; it lies behind the IP packet and does no harm.
        _linkType = _hasHeader ? (int)(Number(header[20..]) & 0xFFFF) : 0;
    }

    /// <inheritdoc />
    public override string Format => "pcap";

    /// <summary>Whether the number, little-endian, begins such a file.</summary>
    public static bool IsMagic(uint magic) => magic is Microseconds or Nanoseconds;

    /// <inheritdoc />
    public override bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        if (Stream.Position == 0 && !TakeFileHeader())
            return false;
        while (true)
        {
            var header = Stream.Peek(RecordHeader);
            if (header.Length < RecordHeader)
            {
                if (header.IsEmpty)
                    NoteFailure();
                else
                    NoteEnd("a packet");
                return false;
            }
            if (!IsRecord(header.Span, nearLast: false, out int length, out var time))
            {
                if (!Resynchronize())
                    return false;
                continue;
            }
            long offset = Stream.Position;
            var record = Stream.Peek(RecordHeader + length);
            if (record.Length < RecordHeader + length)
            {
                // A length that runs past the end may be damage in the middle: the rest is looked at before it is given up.
                if (record.Length > 4096 && Resynchronize())
                    continue;
                if (Stream.Peek(1).Length > 0)
                    NoteEnd("a packet");
                return false;
            }
            _lastSeconds = time.ToUnixTimeSeconds();
            packet = new CapturedPacket(time, _linkType, record[RecordHeader..], Number(record.Span[12..]), offset);
            Stream.Skip(record.Length);
            return true;
        }
    }

    private bool TakeFileHeader()
    {
        if (_hasHeader)
            return Stream.Skip(FileHeader);
        NoteEnd("its header");
        return _hasHeader = false;
    }

    private bool Resynchronize()
    {
        long from = Stream.Position;
        while (Stream.Skip(1))
        {
            var bytes = Stream.Peek(CaptureStream.Window).Span;
            // Many places are tried before the window is moved, but none from which the largest record would not fit into it.
            int tries = bytes.Length < CaptureStream.Window ? bytes.Length - RecordHeader + 1 : CaptureStream.Window - MostPacket - (2 * RecordHeader);
            for (int at = 0; at < tries; at++)
            {
                if (!IsRecord(bytes[at..], nearLast: true, out int length, out _))
                    continue;
                var next = bytes[(at + RecordHeader)..];
                if (length > next.Length)
                    continue;
                next = next[length..];
                if (next.Length == 0 || (next.Length >= RecordHeader && IsRecord(next, nearLast: true, out _, out _)))
                {
                    Problems.AtOffset(from, $"{Stream.Position + at - from} bytes are damaged; reading goes on at offset {Stream.Position + at}");
                    return Stream.Skip(at);
                }
            }
            if (tries <= 0)
                break;
            Stream.Skip(tries - 1);
        }
        Stream.Skip(Stream.Peek(RecordHeader).Length);
        Problems.AtOffset(from, $"the rest of the file ({Stream.Position - from} bytes) is damaged: no packet can be found in it");
        return false;
    }

    private bool IsRecord(ReadOnlySpan<byte> header, bool nearLast, out int length, out DateTimeOffset time)
    {
        length = 0;
        time = default;
        uint seconds = Number(header);
        uint fraction = Number(header[4..]);
        uint captured = Number(header[8..]);
        uint original = Number(header[12..]);
        if (captured > MostPacket || fraction >= (_isNano ? 1_000_000_000 : 1_000_000))
            return false;
        if (nearLast && (captured == 0 || captured > original || original > MostPacket || (_lastSeconds >= 0 && Math.Abs(seconds - _lastSeconds) > NearSeconds)))
            return false;
        length = (int)captured;
        time = Time(seconds, _isNano ? fraction / 100 : fraction * 10L) ?? default;
        return true;
    }

    private uint Number(ReadOnlySpan<byte> bytes) =>
        _isReversed ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
