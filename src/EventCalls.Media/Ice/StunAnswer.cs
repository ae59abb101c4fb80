using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventCalls.Media.Ice;

/// <summary>Writes the answer to a binding request: where it came from, vouched for by our password (RFC 8489 §14.2, §14.5, §14.7).</summary>
internal static class StunAnswer
{
    /// <summary>As long as an answer gets, bytes.</summary>
    public const int MostBytes = 80;

    private const ushort BindingSuccess = 0x0101;
    private const ushort XorMappedAddress = 0x0020;
    private const ushort Integrity = 0x0008;
    private const ushort Fingerprint = 0x8028;
    private const uint FingerprintMask = 0x5354554E;
    private static readonly uint[] s_crc = Table();

    /// <summary>Writes it; its length.</summary>
    /// <param name="buffer">Room for <see cref="MostBytes"/>.</param>
    /// <param name="transaction">The number of the request.</param>
    /// <param name="address">The address it came from, 4 or 16 bytes.</param>
    /// <param name="port">The port it came from.</param>
    /// <param name="password">Our password.</param>
    public static int Write(Span<byte> buffer, ReadOnlySpan<byte> transaction, ReadOnlySpan<byte> address, ushort port, ReadOnlySpan<byte> password)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, BindingSuccess);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunRequest.Cookie);
        transaction.CopyTo(buffer[8..]);
        int at = StunRequest.HeaderLength;
        var mapped = Attribute(buffer, ref at, XorMappedAddress, 4 + address.Length);
        mapped[0] = 0;
        mapped[1] = (byte)(address.Length == 4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(mapped[2..], (ushort)(port ^ (StunRequest.Cookie >> 16)));
        for (int i = 0; i < address.Length; i++)
            mapped[4 + i] = (byte)(address[i] ^ buffer[4 + i]);
        int signed = at;
        var integrity = Attribute(buffer, ref at, Integrity, 20);
        Length(buffer, at);
        HMACSHA1.HashData(password, buffer[..signed], integrity);
        int covered = at;
        var fingerprint = Attribute(buffer, ref at, Fingerprint, 4);
        Length(buffer, at);
        BinaryPrimitives.WriteUInt32BigEndian(fingerprint, Crc(buffer[..covered]) ^ FingerprintMask);
        return at;
    }

    private static Span<byte> Attribute(Span<byte> buffer, ref int at, ushort type, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], (ushort)length);
        var value = buffer.Slice(at + 4, length);
        at += 4 + length;
        return value;
    }

    private static void Length(Span<byte> buffer, int end) => BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)(end - StunRequest.HeaderLength));

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
            crc = s_crc[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            table[i] = value;
        }
        return table;
    }
}
