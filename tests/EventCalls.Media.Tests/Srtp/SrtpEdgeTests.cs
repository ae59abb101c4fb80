using EventCalls.Media.Srtp;
using static EventCalls.Media.Tests.Srtp.SrtpPackets;

namespace EventCalls.Media.Tests.Srtp;

/// <summary>RTCP, what is no packet, and what the path costs.</summary>
public class SrtpEdgeTests
{
    public static TheoryData<string> Suites => SrtpPackets.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    [Trait("RFC", "3711 §3.4")]
    public void RTCP_comes_out_as_it_was_once_and_in_any_order(string suite)
    {
        var (sender, receiver) = Pair(suite);
        byte[][] sent = [.. Enumerable.Range(0, 20).Select(_ => sender.ProtectedRtcp(Report()))];
        Assert.Equal(20, sent.Select(Convert.ToHexString).Distinct().Count());
        foreach (byte[] guarded in sent.Reverse())
        {
            Assert.Equal(Report()[..8], guarded[..8]);
            byte[] buffer = guarded.ToArray();
            int length = receiver.UnprotectRtcp(buffer, buffer.Length);
            Assert.Equal(Report(), buffer[..length]);
            Assert.Equal(SrtpResult.Replayed, receiver.TakeRtcp(guarded));
        }
        Assert.Equal(Report(5).Length, receiver.TakeRtcp(sender.ProtectedRtcp(Report(5))));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    [Trait("RFC", "3711 §3.4")]
    public void A_flipped_bit_anywhere_in_RTCP_is_seen_and_the_packet_left_as_it_came(string suite)
    {
        var (sender, receiver) = Pair(suite);
        byte[] guarded = sender.ProtectedRtcp(Report());
        for (int bit = 0; bit < guarded.Length * 8; bit++)
        {
            byte[] changed = guarded.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            byte[] before = changed.ToArray();
            Assert.True(receiver.UnprotectRtcp(changed, changed.Length) is SrtpResult.BadTag or SrtpResult.Malformed, $"bit {bit}");
            Assert.Equal(before, changed);
        }
        Assert.Equal(20, receiver.TakeRtcp(guarded));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Garbage_is_refused_whatever_it_looks_like(string suite)
    {
        var random = new Random(7);
        var (sender, receiver) = Pair(suite);
        receiver.Receives(sender.Protected(Packet(1)), Packet(1));
        byte[] bytes = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            int length = random.Next(bytes.Length + 1);
            random.NextBytes(bytes);
            if (i % 4 != 0 && length > 0)
                bytes[0] = (byte)(0x80 | bytes[0] & 0x3f);
            Assert.True(receiver.Unprotect(bytes, length) < 0);
            Assert.True(receiver.UnprotectRtcp(bytes, length) < 0);
        }
        receiver.Receives(sender.Protected(Packet(2)), Packet(2));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_is_no_packet_is_not_protected_and_a_full_buffer_not_written_behind(string suite)
    {
        using var sender = new SrtpContext(Key(suite));
        byte[] buffer = new byte[400];
        Assert.Equal(SrtpResult.Malformed, sender.Protect(buffer, 172));
        Assert.Equal(SrtpResult.Malformed, sender.Protect(Packet(1), 11));
        Assert.Equal(SrtpResult.Malformed, sender.Protect(Packet(1), 173));
        Assert.Equal(SrtpResult.NoRoom, sender.Protect(Packet(1), 172));
        Assert.Equal(SrtpResult.Malformed, sender.ProtectRtcp(buffer, 20));
        Assert.Equal(SrtpResult.Malformed, sender.ProtectRtcp(Report(), 7));
        Assert.Equal(SrtpResult.NoRoom, sender.ProtectRtcp(Report(), 20));
        byte[] sources = [.. Packet(1)[..20], .. new byte[30]];
        sources[0] |= 0x0f;
        Assert.Equal(SrtpResult.Malformed, sender.Protect(sources, 20));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_packet_allocates_nothing_nor_does_a_forged_one(string suite)
    {
        var (sender, receiver) = Pair(suite);
        byte[] packet = Packet(0);
        byte[] report = Report();
        byte[] buffer = new byte[300];
        Round(0, 50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(50, 500);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round(int from, int to)
        {
            for (int number = from; number < to; number++)
            {
                packet[2] = (byte)(number >> 8);
                packet[3] = (byte)number;
                packet.CopyTo(buffer, 0);
                int length = sender.Protect(buffer, packet.Length);
                buffer[100] ^= 1;
                int forged = receiver.Unprotect(buffer, length);
                buffer[100] ^= 1;
                if (forged >= 0 || receiver.Unprotect(buffer, length) != packet.Length)
                    throw new InvalidOperationException();
                report.CopyTo(buffer, 0);
                length = sender.ProtectRtcp(buffer, report.Length);
                if (receiver.UnprotectRtcp(buffer, length) != report.Length)
                    throw new InvalidOperationException();
            }
        }
    }

    [Fact]
    public void A_key_never_gets_into_a_text()
    {
        foreach (SrtpSuite suite in SrtpSuite.All)
            Assert.Equal(suite.Name, SrtpMasterKey.Fresh(suite).ToString());
        Assert.NotEqual(SrtpMasterKey.Fresh(SrtpSuite.AesCm128Tag80).Key, SrtpMasterKey.Fresh(SrtpSuite.AesCm128Tag80).Key);
    }
}
