using System.Buffers.Binary;
using System.Net;

namespace EventCalls.Import.Captures;

/// <summary>An IPv4 or IPv6 address as a value: most packets of a capture are not SIP, and none of them shall cost an object.</summary>
/// <param name="High">The first 64 bits of an IPv6 address; 0 for IPv4.</param>
/// <param name="Low">The last 64 bits; an IPv4 address in the lower 32.</param>
/// <param name="IsIPv6">Which of them it is.</param>
internal readonly record struct NetAddress(ulong High, ulong Low, bool IsIPv6)
{
    /// <summary>Reads one of 4 or 16 bytes.</summary>
    public static NetAddress Of(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes), false)
        : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), true);

    /// <summary>The platform's form.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Low);
            return new IPAddress(bytes[..4]);
        }
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes);
    }
}
