namespace EventCalls.Telephony.Calls;

/// <summary>Call ids: UUIDv7 whose last byte is the shard, so that any thread finds the shard of a call without a table.</summary>
internal static class CallIds
{
    /// <summary>A new id.</summary>
    public static Guid New(DateTimeOffset now, int shard)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] = (byte)shard;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The shard in an id, 0–255; of an id that is not ours, some number.</summary>
    public static int ShardOf(Guid callId)
    {
        Span<byte> bytes = stackalloc byte[16];
        callId.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[15];
    }
}
