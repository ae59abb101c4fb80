using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>Reads pcapng: any number of sections and interfaces, enhanced, simple and the old packet blocks (draft-ietf-opsawg-pcapng).</summary>
internal sealed class PcapngReader(CaptureStream stream, ImportProblems problems, DateTimeOffset timeOfUntimed) : CaptureReader(stream, problems)
{
    /// <summary>The type of the block that begins a section; the same in both byte orders.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint ByteOrder = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1;
    private const uint OldPacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const int MostInterfaces = 65_536;

    private readonly List<CaptureInterface> _interfaces = [];
    private DateTimeOffset _lastTime = timeOfUntimed;
    private bool _isBigEndian;

    /// <inheritdoc />
    public override string Format => "pcapng";

    /// <inheritdoc />
    public override bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        while (true)
        {
            var head = Stream.Peek(12).Span;
            if (head.Length < 12)
            {
                if (head.IsEmpty)
                    NoteFailure();
                else
                    NoteEnd("a block");
                return false;
            }
            uint type = Number(head);
            if (type == SectionHeader && !TakeByteOrder(head[8..]))
            {
                if (!Resynchronize())
                    return false;
                continue;
            }
            uint length = Number(head[4..]);
            if (length < 12 || (length & 3) != 0 || (length > MostBytes && IsPacketOrHeader(type)))
            {
                if (!Resynchronize())
                    return false;
                continue;
            }
            if (length > MostBytes)
            {
                if (!Stream.Skip(length))
                    Problems.AtOffset(Stream.Position, "the file ends within a block");
                continue;
            }
            long offset = Stream.Position;
            var block = Stream.Peek((int)length);
            if (block.Length < length)
            {
                if (block.Length > 4096 && Resynchronize())
                    continue;
                if (Stream.Peek(1).Length > 0)
                    NoteEnd("a block");
                return false;
            }
            if (Number(block.Span[^4..]) != length)
            {
                if (!Resynchronize())
                    return false;
                continue;
            }
            bool isPacket = Take(type, block[8..^4], offset, out packet);
            Stream.Skip(length);
            if (isPacket)
                return true;
        }
    }

    private static bool IsPacketOrHeader(uint type) => type is SectionHeader or InterfaceDescription or OldPacket or SimplePacket or EnhancedPacket;

    private bool TakeByteOrder(ReadOnlySpan<byte> magic)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(magic) == ByteOrder)
            _isBigEndian = false;
        else if (BinaryPrimitives.ReadUInt32BigEndian(magic) == ByteOrder)
            _isBigEndian = true;
        else
            return false;
        return true;
    }

    private bool Take(uint type, ReadOnlyMemory<byte> body, long offset, out CapturedPacket packet)
    {
        packet = default;
        var bytes = body.Span;
        switch (type)
        {
            case SectionHeader:
                _interfaces.Clear();
                return false;
            case InterfaceDescription when bytes.Length >= 8 && _interfaces.Count < MostInterfaces:
                var described = new CaptureInterface { LinkType = Short(bytes), SnapLength = Number(bytes[4..]) };
                described.ReadOptions(bytes[8..], _isBigEndian);
                _interfaces.Add(described);
                return false;
            case EnhancedPacket when bytes.Length >= 20:
                return TakePacket(Number(bytes), ((ulong)Number(bytes[4..]) << 32) | Number(bytes[8..]), Number(bytes[12..]), Number(bytes[16..]), body[20..], offset, out packet);
            case OldPacket when bytes.Length >= 20:
                return TakePacket((uint)Short(bytes), ((ulong)Number(bytes[4..]) << 32) | Number(bytes[8..]), Number(bytes[12..]), Number(bytes[16..]), body[20..], offset, out packet);
            case SimplePacket when bytes.Length >= 4:
                Problems.Once($"offset {offset}", "packets have no time of their own (simple packet blocks); they count as of the packet before, or of when the file was last written");
                uint most = _interfaces.Count > 0 && _interfaces[0].SnapLength > 0 ? _interfaces[0].SnapLength : uint.MaxValue;
                return TakePacket(0, null, Math.Min(Math.Min(Number(bytes), most), (uint)(bytes.Length - 4)), Number(bytes), body[4..], offset, out packet);
            case InterfaceDescription or EnhancedPacket or OldPacket or SimplePacket:
                Problems.AtOffset(offset, $"a block of type {type} is too short for what it should hold");
                return false;
            default:
                return false;
        }
    }

    private bool TakePacket(uint number, ulong? units, uint captured, uint original, ReadOnlyMemory<byte> bytes, long offset, out CapturedPacket packet)
    {
        packet = default;
        if (number >= _interfaces.Count)
        {
            Problems.AtOffset(offset, $"a packet is of interface {number}, which its section does not describe");
            return false;
        }
        if (captured > bytes.Length)
        {
            Problems.AtOffset(offset, $"a packet of {captured} bytes does not fit into its block of {bytes.Length}");
            return false;
        }
        if (units is { } given)
        {
            if (_interfaces[(int)number].TimeOf(given) is not { } time)
            {
                Problems.AtOffset(offset, "a packet has a time that does not exist");
                return false;
            }
            _lastTime = time;
        }
        packet = new CapturedPacket(_lastTime, _interfaces[(int)number].LinkType, bytes[..(int)captured], original, offset);
        return true;
    }

    private bool Resynchronize()
    {
        long from = Stream.Position;
        while (Stream.Skip(1))
        {
            var bytes = Stream.Peek(CaptureStream.Window).Span;
            int tries = Math.Min(bytes.Length - 11, CaptureStream.Window / 4);
            for (int at = 0; at < tries; at++)
            {
                if (!IsBlock(bytes[at..]))
                    continue;
                Problems.AtOffset(from, $"{Stream.Position + at - from} bytes are damaged; reading goes on at offset {Stream.Position + at}");
                return Stream.Skip(at);
            }
            if (tries <= 0)
                break;
            Stream.Skip(tries - 1);
        }
        Stream.Skip(Stream.Peek(12).Length);
        Problems.AtOffset(from, $"the rest of the file ({Stream.Position - from} bytes) is damaged: no block can be found in it");
        return false;
    }

    // A block says its length at both ends, which little else does.
    private bool IsBlock(ReadOnlySpan<byte> bytes)
    {
        uint type = Number(bytes);
        if (!IsPacketOrHeader(type))
            return false;
        uint length = Number(bytes[4..]);
        return length is >= 12 and <= MostBytes && (length & 3) == 0 && length <= bytes.Length && Number(bytes[((int)length - 4)..]) == length;
    }

    private uint Number(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private int Short(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
