using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Contracts;

/// <summary>Event ids that come out the same when the same work is done again.</summary>
public static class EventIds
{
    /// <summary>The id of the <paramref name="ordinal"/>-th event named <paramref name="name"/> that <paramref name="cause"/> leads to; a UUIDv8 (RFC 9562 §5.8).</summary>
    /// <remarks>A consumer that is given its message a second time makes the same ids, and the store takes each id once.</remarks>
    public static Guid Derive(Guid cause, string name, int ordinal = 0)
    {
        Span<byte> input = stackalloc byte[20 + 256];
        cause.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], ordinal);
        int length = 20 + Encoding.UTF8.GetBytes(name, input[20..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input[..length], hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }
}
