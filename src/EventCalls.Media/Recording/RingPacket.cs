namespace EventCalls.Media.Recording;

/// <summary>A packet as it lies in the ring; its codec is the place in <see cref="Audio.AudioCodec.All"/>, its arrival in µs.</summary>
internal readonly ref struct RingPacket
{
    public byte Codec { get; init; }

    public bool Marker { get; init; }

    public ushort Sequence { get; init; }

    public uint Timestamp { get; init; }

    public uint Ssrc { get; init; }

    public long Arrival { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }
}
