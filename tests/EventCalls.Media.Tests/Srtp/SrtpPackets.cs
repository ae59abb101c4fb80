using EventCalls.Media.Rtp;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Srtp;

/// <summary>Packets and contexts the tests of SRTP share.</summary>
internal static class SrtpPackets
{
    public const uint Ssrc = 0x1234_5678;

    /// <summary>The names of all suites.</summary>
    public static TheoryData<string> Suites { get; } = [.. SrtpSuite.All.Select(s => s.Name)];

    /// <summary>A key whose bytes count up from the seed.</summary>
    public static SrtpMasterKey Key(string suite, byte seed = 1, byte[]? identifier = null)
    {
        SrtpSuite named = SrtpSuite.Named(suite)!;
        return new SrtpMasterKey(named, Count(named.KeyLength, seed), Count(named.SaltLength, (byte)(seed + 100)), identifier);
    }

    /// <summary>Both ends of one direction.</summary>
    public static (SrtpContext Sender, SrtpContext Receiver) Pair(string suite, byte[]? identifier = null) =>
        (new SrtpContext(Key(suite, 1, identifier)), new SrtpContext(Key(suite, 1, identifier)));

    /// <summary>A packet of G.711, its payload told by its number.</summary>
    public static byte[] Packet(int number, uint ssrc = Ssrc, int payload = 160)
    {
        byte[] packet = new byte[12 + payload];
        RtpPacket.WriteHeader(packet, 8, false, (ushort)number, (uint)(number * 160), ssrc);
        for (int i = 12; i < packet.Length; i++)
            packet[i] = (byte)(number * 31 + i);
        return packet;
    }

    /// <summary>A receiver report with a description of the source behind it.</summary>
    public static byte[] Report(uint ssrc = Ssrc) =>
        [0x80, 201, 0, 1, (byte)(ssrc >> 24), (byte)(ssrc >> 16), (byte)(ssrc >> 8), (byte)ssrc, 0x81, 202, 0, 2, 1, 2, 3, 4, 1, 1, (byte)'a', 0];

    /// <summary>The packet protected.</summary>
    public static byte[] Protected(this SrtpContext sender, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + sender.Overhead];
        packet.CopyTo(buffer, 0);
        int length = sender.Protect(buffer, packet.Length);
        Assert.Equal(buffer.Length, length);
        return buffer;
    }

    /// <summary>The RTCP packet protected.</summary>
    public static byte[] ProtectedRtcp(this SrtpContext sender, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + sender.RtcpOverhead];
        packet.CopyTo(buffer, 0);
        Assert.Equal(buffer.Length, sender.ProtectRtcp(buffer, packet.Length));
        return buffer;
    }

    /// <summary>What a copy of the packet gives.</summary>
    public static int Take(this SrtpContext receiver, byte[] packet) => receiver.Unprotect(packet.ToArray(), packet.Length);

    /// <summary>What a copy of the RTCP packet gives.</summary>
    public static int TakeRtcp(this SrtpContext receiver, byte[] packet) => receiver.UnprotectRtcp(packet.ToArray(), packet.Length);

    /// <summary>Asserts that the receiver makes the packet out of its protected form.</summary>
    public static void Receives(this SrtpContext receiver, byte[] guarded, byte[] packet)
    {
        byte[] buffer = guarded.ToArray();
        int length = receiver.Unprotect(buffer, buffer.Length);
        Assert.Equal(packet.Length, length);
        Assert.Equal(packet, buffer[..length]);
    }

    private static byte[] Count(int length, byte from) => [.. Enumerable.Range(from, length).Select(n => (byte)n)];
}
