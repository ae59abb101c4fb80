using System.Buffers.Binary;

namespace EventCalls.Media.Recording;

/// <summary>Pages of Ogg (RFC 3533 §6), one logical stream, whole packets only.</summary>
internal sealed class OggPage
{
    /// <summary>How long a page's header is before its table of segments.</summary>
    public const int HeaderLength = 27;

    /// <summary>As much as a page takes at most.</summary>
    public const int MostLength = HeaderLength + 255 + 255 * 255;

    private const int FlagsAt = 5;
    private const int ChecksumAt = 22;
    private const byte Begin = 2;
    private const byte End = 4;

    private static readonly uint[] s_checksums = Table();

    private readonly byte[] _segments = new byte[255];
    private readonly byte[] _body = new byte[255 * 255];
    private readonly byte[] _page = new byte[MostLength];
    private readonly uint _serial;
    private int _segmentCount;
    private int _bodyLength;
    private uint _sequence;

    /// <summary>A stream with its number.</summary>
    public OggPage(uint serial) => _serial = serial;

    /// <summary>Whether there is nothing on the page yet.</summary>
    public bool IsEmpty => _segmentCount == 0;

    /// <summary>Puts a packet on the page; false when it does not fit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        int segments = packet.Length / 255 + 1;
        if (_segmentCount + segments > 255)
            return false;
        packet.CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += packet.Length;
        _segments.AsSpan(_segmentCount, segments - 1).Fill(255);
        _segments[_segmentCount + segments - 1] = (byte)(packet.Length % 255);
        _segmentCount += segments;
        return true;
    }

    /// <summary>The page, with the position at its end; valid until the next one. The page is empty after that.</summary>
    public ReadOnlySpan<byte> Take(long position, bool last)
    {
        var page = _page.AsSpan(0, HeaderLength + _segmentCount + _bodyLength);
        "OggS"u8.CopyTo(page);
        page[4] = 0;
        page[FlagsAt] = (byte)((_sequence == 0 ? Begin : 0) | (last ? End : 0));
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(page[14..], _serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[18..], _sequence++);
        page[26] = (byte)_segmentCount;
        _segments.AsSpan(0, _segmentCount).CopyTo(page[HeaderLength..]);
        _body.AsSpan(0, _bodyLength).CopyTo(page[(HeaderLength + _segmentCount)..]);
        SetChecksum(page);
        (_segmentCount, _bodyLength) = (0, 0);
        return page;
    }

    /// <summary>Cuts a file off behind its last whole page and marks that as the end; false when it is no Ogg file.</summary>
    public static bool Repair(Stream file)
    {
        var page = new byte[MostLength];
        long last = -1, end = 0;
        for (file.Position = 0; TryRead(file, page, out int length); end += length)
            last = end;
        if (last < 0)
            return false;
        file.SetLength(end);
        file.Position = last;
        TryRead(file, page, out int lastLength);
        page[FlagsAt] |= End;
        SetChecksum(page.AsSpan(0, lastLength));
        file.Position = last;
        file.Write(page, 0, lastLength);
        file.Flush();
        return true;
    }

    /// <summary>Reads a whole page whose checksum is right; its parts are those of RFC 3533.</summary>
    public static bool TryRead(Stream file, byte[] page, out int length)
    {
        length = 0;
        if (file.ReadAtLeast(page.AsSpan(0, HeaderLength), HeaderLength, throwOnEndOfStream: false) < HeaderLength || !page.AsSpan(0, 4).SequenceEqual("OggS"u8))
            return false;
        int segments = page[26];
        if (file.ReadAtLeast(page.AsSpan(HeaderLength, segments), segments, throwOnEndOfStream: false) < segments)
            return false;
        int body = 0;
        foreach (byte segment in page.AsSpan(HeaderLength, segments))
            body += segment;
        length = HeaderLength + segments + body;
        if (file.ReadAtLeast(page.AsSpan(HeaderLength + segments, body), body, throwOnEndOfStream: false) < body)
            return false;
        uint said = BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(ChecksumAt));
        SetChecksum(page.AsSpan(0, length));
        return said == BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(ChecksumAt));
    }

    private static void SetChecksum(Span<byte> page)
    {
        page.Slice(ChecksumAt, 4).Clear();
        uint checksum = 0;
        foreach (byte b in page)
            checksum = (checksum << 8) ^ s_checksums[(checksum >> 24) ^ b];
        BinaryPrimitives.WriteUInt32LittleEndian(page[ChecksumAt..], checksum);
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i << 24;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 0x8000_0000) != 0 ? (value << 1) ^ 0x04C1_1DB7 : value << 1;
            table[i] = value;
        }
        return table;
    }
}
