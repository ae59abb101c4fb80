using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Srtp;

[Trait("RFC", "4568 §6.1")]
public class CryptoAttributeTests
{
    private const string Key30 = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    public static TheoryData<string> Suites => SrtpPackets.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_we_write_is_read_and_its_key_opens_what_it_protects(string suite)
    {
        var ours = CryptoAttribute.Fresh(7, SrtpSuite.Named(suite)!);
        Assert.True(CryptoAttribute.TryParse(ours.Write(), out var read, out _));
        Assert.Equal((7, suite), (read.Tag, read.Suite.Name));
        using var sender = new SrtpContext(ours.Key);
        using var receiver = new SrtpContext(read.Key);
        receiver.Receives(sender.Protected(SrtpPackets.Packet(1)), SrtpPackets.Packet(1));
    }

    [Fact]
    public void A_key_stands_in_what_is_sent_and_in_no_other_text()
    {
        var ours = CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80);
        Assert.Matches("^1 AES_CM_128_HMAC_SHA1_80 inline:[A-Za-z0-9+/]{40}$", ours.Write());
        Assert.Equal("1 AES_CM_128_HMAC_SHA1_80", ours.ToString());
        Assert.NotEqual(ours.Write(), CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80).Write());
    }

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30, "")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20|1:4", "00000001")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^48", "")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1048576", "")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|66051:3", "010203")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_32\tinline:" + Key30 + "  WSH=64 -later=1 KDR=0", "")]
    [InlineData("999999999 aes_cm_128_hmac_sha1_80 INLINE:" + Key30, "")]
    public void Lifetime_and_identifier_may_stand_behind_the_key(string value, string identifier)
    {
        Assert.True(CryptoAttribute.TryParse(value, out var read, out _));
        Assert.Equal(identifier, Convert.ToHexString(read.Key.Identifier));
        Assert.Equal(Key30, Convert.ToBase64String([.. read.Key.Key, .. read.Key.Salt]));
    }

    [Fact]
    public void A_key_without_its_padding_is_read()
    {
        string written = CryptoAttribute.Fresh(1, SrtpSuite.AesCm256Tag80).Write();
        Assert.EndsWith("==", written);
        Assert.True(CryptoAttribute.TryParse(written.TrimEnd('='), out var read, out _));
        Assert.Equal(written, new string(read.Write()));
    }

    [Theory]
    [InlineData("", "no tag")]
    [InlineData("x AES_CM_128_HMAC_SHA1_80 inline:" + Key30, "no tag")]
    [InlineData("-1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30, "no tag")]
    [InlineData("1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + Key30, "no tag")]
    [InlineData("1", "a suite we have not")]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:" + Key30, "a suite we have not")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80", "no inline key")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 uri:" + Key30, "no inline key")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:", "a key of the wrong length")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "AAAA", "a key of the wrong length")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGU=", "a key of the wrong length")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:%VNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", "a key of the wrong length")]
    [InlineData("1 AES_256_CM_HMAC_SHA1_80 inline:" + Key30, "a key of the wrong length")]
    [InlineData("1 AEAD_AES_128_GCM inline:" + Key30, "a key of the wrong length")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + ";inline:" + Key30, "several keys")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^49", "a lifetime that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|0", "a lifetime that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|x|1:4", "a lifetime that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1:0", "an identifier of the key that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1:129", "an identifier of the key that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|256:1", "an identifier of the key that is none")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20|1:4|5", "an identifier of the key that is none")]
    public void What_is_not_written_right_is_not_taken(string value, string why) => Refuses(value, why);

    [Theory]
    [Trait("RFC", "4568 §6.3")]
    [InlineData("UNENCRYPTED_SRTP", "UNENCRYPTED_SRTP")]
    [InlineData("UNENCRYPTED_SRTCP", "UNENCRYPTED_SRTCP")]
    [InlineData("WSH=128 UNAUTHENTICATED_SRTP", "UNAUTHENTICATED_SRTP")]
    [InlineData("KDR=1", "keys made anew by a rate (KDR)")]
    [InlineData("FEC_ORDER=FEC_SRTP", "FEC_ORDER")]
    [InlineData("FEC_KEY=inline:AAAA", "FEC_KEY")]
    [InlineData("LATER=1", "an unknown session parameter")]
    public void What_would_change_how_packets_are_protected_is_not_taken(string parameters, string why) =>
        Refuses($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key30} {parameters}", why);

    [Fact]
    [Trait("RFC", "4568 §5.1.2")]
    public void Of_those_offered_the_one_we_like_best_is_taken()
    {
        var offered = CryptoAttribute.Offer([SrtpSuite.AesCm128Tag32, SrtpSuite.AesGcm256, SrtpSuite.AesCm128Tag80]);
        Assert.Equal([1, 2, 3], offered.Select(o => o.Tag));
        Assert.Equal(3, CryptoAttribute.Choose(offered, SrtpSuite.All)!.Tag);
        Assert.Equal(2, CryptoAttribute.Choose(offered, [SrtpSuite.AesCm256Tag80, SrtpSuite.AesGcm256])!.Tag);
        Assert.Null(CryptoAttribute.Choose(offered, [SrtpSuite.AesCm256Tag80]));
        Assert.Null(CryptoAttribute.Choose([], SrtpSuite.All));
    }

    [Fact]
    [Trait("RFC", "4568 §5.1.3")]
    public void An_answer_is_one_of_those_offered()
    {
        var offered = CryptoAttribute.Offer([SrtpSuite.AesCm128Tag32, SrtpSuite.AesCm128Tag80]);
        Assert.Same(offered[1], CryptoAttribute.Answered(offered, CryptoAttribute.Fresh(2, SrtpSuite.AesCm128Tag80)));
        Assert.Null(CryptoAttribute.Answered(offered, CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80)));
        Assert.Null(CryptoAttribute.Answered(offered, CryptoAttribute.Fresh(3, SrtpSuite.AesCm128Tag80)));
    }

    private static void Refuses(string value, string expected)
    {
        Assert.False(CryptoAttribute.TryParse(value, out var read, out string? why));
        Assert.Null(read);
        Assert.Equal(expected, why);
    }
}
