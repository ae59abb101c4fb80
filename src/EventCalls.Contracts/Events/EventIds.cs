using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Contracts;

/// <summary>Event ids that come out the same when the same work is done again.</summary>
public static class EventIds
{
    private const int HandoffPrefix = 8;

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

    /// <summary>The id of a handoff: begins with the first half of the call's id, so that the call is found by it without an index, and comes out the same when the same work is done again.</summary>
    public static Guid Handoff(Guid callId, Guid cause)
    {
        Span<byte> id = stackalloc byte[16];
        Derive(cause, "handoff").TryWriteBytes(id, bigEndian: true, out _);
        Span<byte> call = stackalloc byte[16];
        callId.TryWriteBytes(call, bigEndian: true, out _);
        call[..HandoffPrefix].CopyTo(id);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The least and the greatest id of a call that a handoff of this id can belong to.</summary>
    public static (Guid Least, Guid Greatest) CallsOfHandoff(Guid handoffId)
    {
        Span<byte> id = stackalloc byte[16];
        handoffId.TryWriteBytes(id, bigEndian: true, out _);
        id[HandoffPrefix..].Clear();
        var least = new Guid(id, bigEndian: true);
        id[HandoffPrefix..].Fill(0xFF);
        return (least, new Guid(id, bigEndian: true));
    }
}
