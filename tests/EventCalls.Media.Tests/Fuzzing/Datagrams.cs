using System.Buffers.Binary;
using EventCalls.Testing.Fuzzing;

namespace EventCalls.Media.Tests.Fuzzing;

/// <summary>Datagrams of what comes at a port of media, whole, mutated, and made of nothing.</summary>
internal sealed class Datagrams(int seed)
{
    private readonly Mutator _mutator = new(seed);
    private ushort _number;

    /// <summary>The next one.</summary>
    public byte[] Next()
    {
        byte[] whole = _mutator.Random.Next(6) switch
        {
            0 => Peer.Packet(_number++),
            1 => Rtcp(),
            2 => Stun(),
            3 => Dtls(),
            4 => [.. Peer.Packet(_number++), .. Noise(10)],
            _ => Noise(_mutator.Random.Next(1500)),
        };
        return _mutator.Random.Next(4) == 0 ? whole : Cut(_mutator.Mutate(whole));
    }

    private static byte[] Cut(byte[] bytes) => bytes.Length > 9000 ? bytes[..9000] : bytes;

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        _mutator.Random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Rtcp() => [0x81, (byte)(200 + _mutator.Random.Next(8)), 0, 12, .. Noise(48)];

    private byte[] Stun() => [0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, .. Noise(12), 0x80, 0x28, 0, 4, .. Noise(4)];

    private byte[] Dtls()
    {
        byte[] record = [(byte)(20 + _mutator.Random.Next(4)), 0xfe, 0xfd, 0, 0, .. Noise(6), 0, 0, (byte)_mutator.Random.Next(3), .. Noise(80)];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)(record.Length - 13));
        return record;
    }
}
