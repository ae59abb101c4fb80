using System.Buffers.Binary;

namespace EventCalls.Testing;

/// <summary>Captures, made byte by byte.</summary>
public sealed class CaptureBytes
{
    private readonly List<byte[]> _parts = [];
    private readonly bool _isBigEndian;
    private readonly bool _isNano;
    private readonly bool _isPcapng;

    private CaptureBytes(bool isPcapng, bool isBigEndian, bool isNano) => (_isPcapng, _isBigEndian, _isNano) = (isPcapng, isBigEndian, isNano);

    /// <summary>When packet 0 of every test is captured.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    /// <summary>The bytes.</summary>
    public byte[] Bytes => [.. _parts.SelectMany(p => p)];

    /// <summary>A classic capture of one link type.</summary>
    public static CaptureBytes Pcap(int linkType = 1, bool isBigEndian = false, bool isNano = false)
    {
        var capture = new CaptureBytes(false, isBigEndian, isNano);
        capture._parts.Add([.. capture.Four(isNano ? 0xA1B23C4D : 0xA1B2C3D4), .. capture.Two(2), .. capture.Two(4), .. new byte[8], .. capture.Four(262_144), .. capture.Four((uint)linkType)]);
        return capture;
    }

    /// <summary>A capture of blocks, with one section and no interface yet.</summary>
    public static CaptureBytes Pcapng(bool isBigEndian = false)
    {
        var capture = new CaptureBytes(true, isBigEndian, false);
        return capture.Section();
    }

    /// <summary>Begins a section.</summary>
    public CaptureBytes Section() => Block(0x0A0D0D0A, [.. Four(0x1A2B3C4D), .. Two(1), .. Two(0), .. Enumerable.Repeat((byte)0xFF, 8)]);

    /// <summary>Describes an interface.</summary>
    public CaptureBytes Interface(int linkType, byte? resolution = null, uint snapLength = 0)
    {
        byte[] options = resolution is { } value ? [.. Two(9), .. Two(1), value, 0, 0, 0, .. Two(0), .. Two(0)] : [];
        return Block(1, [.. Two(linkType), .. Two(0), .. Four(snapLength), .. options]);
    }

    /// <summary>Adds a block of any type.</summary>
    public CaptureBytes Block(uint type, byte[] body)
    {
        byte[] padded = [.. body, .. new byte[(4 - (body.Length & 3)) & 3]];
        _parts.Add([.. Four(type), .. Four((uint)padded.Length + 12), .. padded, .. Four((uint)padded.Length + 12)]);
        return this;
    }

    /// <summary>Adds bytes as they are.</summary>
    public CaptureBytes Raw(byte[] bytes)
    {
        _parts.Add(bytes);
        return this;
    }

    /// <summary>Adds a packet, a time after the start.</summary>
    public CaptureBytes Packet(byte[] frame, double seconds = 0, int onInterface = 0, ulong unitsPerSecond = 1_000_000, int snapLength = int.MaxValue)
    {
        uint length = (uint)frame.Length;
        frame = frame[..Math.Min(frame.Length, snapLength)];
        var time = Start + TimeSpan.FromSeconds(seconds);
        if (_isPcapng)
        {
            ulong units = (ulong)((UInt128)(ulong)(time - DateTimeOffset.UnixEpoch).Ticks * unitsPerSecond / TimeSpan.TicksPerSecond);
            return Block(6, [.. Four((uint)onInterface), .. Four((uint)(units >> 32)), .. Four((uint)units), .. Four((uint)frame.Length), .. Four(length), .. frame]);
        }
        long ticks = (time - DateTimeOffset.UnixEpoch).Ticks % TimeSpan.TicksPerSecond;
        _parts.Add([.. Four((uint)time.ToUnixTimeSeconds()), .. Four((uint)(_isNano ? ticks * 100 : ticks / 10)), .. Four((uint)frame.Length), .. Four(length), .. frame]);
        return this;
    }

    private byte[] Two(int number)
    {
        var bytes = new byte[2];
        if (_isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)number);
        return bytes;
    }

    private byte[] Four(uint number)
    {
        var bytes = new byte[4];
        if (_isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }
}
