using EventCalls.Media.Srtp;
using FsCheck;
using FsCheck.Fluent;
using static EventCalls.Media.Tests.Srtp.SrtpPackets;

namespace EventCalls.Media.Tests.Srtp;

[Trait("RFC", "3711 §3.3")]
public class SrtpContextTests
{
    public static TheoryData<string> Suites => SrtpPackets.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_was_protected_comes_out_as_it_was(string suite)
    {
        Prop.ForAll<byte[], ushort>((payload, sequence) =>
        {
            var (sender, receiver) = Pair(suite);
            byte[] packet = [.. Packet(sequence, payload: 0), .. payload];
            byte[] guarded = sender.Protected(packet);
            Assert.Equal(packet[..12], guarded[..12]);
            if (payload.Length > 15)
                Assert.NotEqual(payload, guarded[12..packet.Length]);
            receiver.Receives(guarded, packet);
            sender.Dispose();
            receiver.Dispose();
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Packets_longer_than_a_piece_of_keystream_come_out_as_they_were(string suite)
    {
        var (sender, receiver) = Pair(suite);
        int[] lengths = [0, 1, 15, 16, 17, 511, 512, 513, 1024, 1400, 9000];
        for (int i = 0; i < lengths.Length; i++)
        {
            byte[] packet = Packet(i, payload: lengths[i]);
            receiver.Receives(sender.Protected(packet), packet);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Sources_and_header_extension_stay_readable_and_may_not_be_changed(string suite)
    {
        var (sender, receiver) = Pair(suite);
        byte[] packet = [0x91, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 7, 7, 7, 7, 42, 43];
        byte[] guarded = sender.Protected(packet);
        Assert.Equal(packet[..24], guarded[..24]);
        Assert.NotEqual(packet[24..], guarded[24..26]);
        byte[] changed = guarded.ToArray();
        changed[21] ^= 1;
        Assert.Equal(SrtpResult.BadTag, receiver.Take(changed));
        receiver.Receives(guarded, packet);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_flipped_bit_anywhere_is_seen_and_the_packet_left_as_it_came(string suite)
    {
        var (sender, receiver) = Pair(suite);
        receiver.Receives(sender.Protected(Packet(1)), Packet(1));
        byte[] guarded = sender.Protected(Packet(2));
        for (int bit = 0; bit < guarded.Length * 8; bit++)
        {
            byte[] changed = guarded.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            byte[] before = changed.ToArray();
            Assert.True(receiver.Unprotect(changed, changed.Length) is SrtpResult.BadTag or SrtpResult.Malformed or SrtpResult.Replayed, $"bit {bit}");
            Assert.Equal(before, changed);
        }
        receiver.Receives(guarded, Packet(2));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Another_key_lets_nothing_through(string suite)
    {
        using var sender = new SrtpContext(Key(suite, 1));
        using var receiver = new SrtpContext(Key(suite, 2));
        Assert.Equal(SrtpResult.BadTag, receiver.Take(sender.Protected(Packet(1))));
        Assert.Equal(SrtpResult.BadTag, receiver.TakeRtcp(sender.ProtectedRtcp(Report())));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Sequence_numbers_roll_over_again_and_again(string suite)
    {
        var (sender, receiver) = Pair(suite);
        for (int number = 65_000; number < 5 * 65_536; number += 97)
            receiver.Receives(sender.Protected(Packet(number)), Packet(number));
    }

    [Fact]
    public void Packets_out_of_order_over_the_roll_over_are_taken_once_each()
    {
        var random = new Random(1);
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        foreach (int[] group in Enumerable.Range(65_000, 140_000).Chunk(60))
        {
            (int Number, byte[] Guarded)[] sent = [.. group.Select(n => (n, sender.Protected(Packet(n, payload: 20))))];
            random.Shuffle(sent);
            foreach (var (number, guarded) in sent)
            {
                receiver.Receives(guarded, Packet(number, payload: 20));
                Assert.Equal(SrtpResult.Replayed, receiver.Take(guarded));
            }
        }
    }

    [Fact]
    public void A_sender_may_relay_packets_out_of_order_over_the_roll_over()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_32");
        foreach (int number in (int[])[65_530, 65_536, 65_535, 65_538, 65_533, 65_537, 91_071, 120_000, 131_070, 131_073, 131_071])
            receiver.Receives(sender.Protected(Packet(number)), Packet(number));
    }

    [Fact]
    [Trait("RFC", "3711 §3.3.2")]
    public void What_is_repeated_or_older_than_the_window_is_refused()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        byte[][] sent = [.. Enumerable.Range(0, 300).Select(n => sender.Protected(Packet(n)))];
        receiver.Receives(sent[299], Packet(299));
        Assert.Equal(SrtpResult.Replayed, receiver.Take(sent[299]));
        receiver.Receives(sent[299 - 127], Packet(299 - 127));
        Assert.Equal(SrtpResult.Replayed, receiver.Take(sent[299 - 127]));
        Assert.Equal(SrtpResult.Replayed, receiver.Take(sent[299 - 128]));
        receiver.Receives(sent[250], Packet(250));
    }

    [Fact]
    public void A_forged_packet_far_ahead_does_not_move_the_window()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        receiver.Receives(sender.Protected(Packet(1)), Packet(1));
        byte[] forged = sender.Protected(Packet(30_000));
        forged[^1] ^= 1;
        Assert.Equal(SrtpResult.BadTag, receiver.Take(forged));
        using var other = new SrtpContext(Key("AES_CM_128_HMAC_SHA1_80"));
        receiver.Receives(other.Protected(Packet(2)), Packet(2));
    }

    [Fact]
    public void Senders_of_one_direction_have_numbers_of_their_own()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        for (int number = 65_500; number < 65_600; number++)
        {
            for (uint ssrc = 1; ssrc < 6; ssrc++)
                receiver.Receives(sender.Protected(Packet((int)(number - ssrc * 50), ssrc)), Packet((int)(number - ssrc * 50), ssrc));
        }
    }

    [Fact]
    public void A_direction_takes_no_more_senders_than_it_can_keep_apart()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        for (uint ssrc = 1; ssrc <= SrtpStreams.Limit; ssrc++)
            receiver.Receives(sender.Protected(Packet(1, ssrc)), Packet(1, ssrc));
        byte[] buffer = new byte[200];
        Packet(1, 9999).CopyTo(buffer, 0);
        Assert.Equal(SrtpResult.TooManyStreams, sender.Protect(buffer, 172));
        Assert.Equal(SrtpResult.TooManyStreams, receiver.Take([.. Packet(1, 9999), .. new byte[10]]));
        receiver.Receives(sender.Protected(Packet(2, 1)), Packet(2, 1));
    }

    [Fact]
    public void A_sender_whose_packets_before_its_first_roll_over_were_lost_is_understood()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        byte[] late = sender.Protected(Packet(65_535));
        byte[] lost = sender.Protected(Packet(65_536));
        Assert.NotEmpty(lost);
        receiver.Receives(sender.Protected(Packet(65_537)), Packet(65_537));
        receiver.Receives(late, Packet(65_535));
        receiver.Receives(sender.Protected(Packet(65_538)), Packet(65_538));
    }

    [Fact]
    public void A_sender_that_goes_on_far_ahead_is_understood_and_one_that_begins_anew_never_uses_a_number_twice()
    {
        var (sender, receiver) = Pair("AES_CM_128_HMAC_SHA1_80");
        foreach (int number in (int[])[100, 20_000, 60_000, 65_536 + 5])
            receiver.Receives(sender.Protected(Packet(number)), Packet(number));
        byte[] buffer = new byte[200];
        Packet(65_000).CopyTo(buffer, 0);
        Assert.Equal(SrtpResult.Replayed, sender.Protect(buffer, 172));
        Assert.Equal(Packet(65_000), buffer[..172]);
        // Under another SSRC it begins anew.
        receiver.Receives(sender.Protected(Packet(100, 77)), Packet(100, 77));
    }

    [Fact]
    [Trait("RFC", "3711 §3.1")]
    public void An_identifier_of_the_key_is_carried_and_asked_for()
    {
        foreach (SrtpSuite suite in SrtpSuite.All)
        {
            var (sender, receiver) = Pair(suite.Name, [1, 2, 3, 4]);
            byte[] guarded = sender.Protected(Packet(1));
            Assert.Equal(172 + suite.TagLength + 4, guarded.Length);
            Assert.True(guarded.AsSpan(172).IndexOf("\u0001\u0002\u0003\u0004"u8) == (suite.IsAead ? suite.TagLength : 0));
            receiver.Receives(guarded, Packet(1));
            Assert.Equal(20, receiver.TakeRtcp(sender.ProtectedRtcp(Report())));
            using var other = new SrtpContext(Key(suite.Name, 1, [1, 2, 3, 5]));
            Assert.Equal(SrtpResult.BadTag, other.Take(guarded));
            Assert.Equal(SrtpResult.BadTag, other.TakeRtcp(sender.ProtectedRtcp(Report())));
        }
    }
}
