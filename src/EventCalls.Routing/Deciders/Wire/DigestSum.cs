using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>A digest of 128 bits over bytes, alike in every process: for telling results apart, not for secrets.</summary>
internal static class DigestSum
{
    private const ulong K0 = 0xA0761D6478BD642F;
    private const ulong K1 = 0xE7037ED1A0B428DB;
    private const ulong K2 = 0x8EBC6AF09C88C6E3;
    private const ulong K3 = 0x589965CC75374CC3;

    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        ulong a = K0 ^ (ulong)bytes.Length, b = K1 + (ulong)bytes.Length;
        while (bytes.Length >= 16)
        {
            Add(ref a, ref b, BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            bytes = bytes[16..];
        }

        // The length is in the sum already, so that bytes of the last 16 which are none may count as zero.
        if (bytes.Length >= 8)
            Add(ref a, ref b, BinaryPrimitives.ReadUInt64LittleEndian(bytes), Last(bytes[8..]));
        else if (!bytes.IsEmpty)
            Add(ref a, ref b, Last(bytes), 0);

        return new UInt128(Fold(a ^ K2, b ^ K3), Fold(b ^ K1, a ^ K0));
    }

    // Up to 7 bytes.
    private static ulong Last(ReadOnlySpan<byte> bytes)
    {
        ulong last = 0;
        if (bytes.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) << (8 * (bytes.Length - 4)));
        for (int i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        return last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref ulong a, ref ulong b, ulong low, ulong high)
    {
        ulong next = Fold(a ^ low ^ K1, high ^ K2);
        b = Fold(b ^ high ^ K3, ulong.RotateLeft(low, 32) ^ K0) + a;
        a = next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y)
    {
        ulong high = Math.BigMul(x, y, out ulong low);
        return high ^ low;
    }
}
