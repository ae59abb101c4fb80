using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Import;

/// <summary>Ids of imported calls: the same call of the same file has the same id whenever it is imported.</summary>
internal static class ImportIds
{
    /// <summary>A UUIDv7 whose time is the call's start, and whose other bits are a hash of what tells the call from others.</summary>
    public static Guid OfCall(DateTimeOffset startedAt, string identity)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 8];
        SHA256.HashData(Encoding.UTF8.GetBytes(identity), bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, startedAt.ToUnixTimeMilliseconds() << 16);
        // The six bytes of the time are followed by ten of the hash.
        var id = bytes[..16];
        bytes[8..10].CopyTo(bytes[6..]);
        bytes[16..24].CopyTo(bytes[8..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }
}
