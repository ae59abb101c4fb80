using System.Security.Cryptography;
using EventCalls.Media.Dtls;

namespace EventCalls.Media.Tests.Dtls;

/// <summary>What session descriptions say of DTLS.</summary>
public class DtlsDescriptionTests
{
    private static readonly DtlsIdentity s_identity = DtlsIdentity.Create(TimeProvider.System);

    [Fact]
    [Trait("RFC", "8122 §5")]
    public void Our_fingerprint_is_read_as_that_of_our_certificate()
    {
        string written = s_identity.Fingerprint.ToString();
        Assert.Matches("^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$", written);
        Assert.True(DtlsFingerprint.TryParse(written, out var read));
        Assert.True(DtlsFingerprint.Matches([read], s_identity.Certificate));
        Assert.False(DtlsFingerprint.Matches([read], DtlsIdentity.Create(TimeProvider.System).Certificate));
        Assert.False(DtlsFingerprint.Matches([], s_identity.Certificate));
    }

    [Theory]
    [Trait("RFC", "8122 §5")]
    [InlineData("sha-1", "SHA1")]
    [InlineData("SHA-256", "SHA256")]
    [InlineData("sha-384", "SHA384")]
    [InlineData("sha-512", "SHA512")]
    public void A_peer_may_use_another_hash(string name, string algorithm)
    {
        Assert.True(DtlsFingerprint.TryParse(Written(name, algorithm), out var read));
        Assert.True(DtlsFingerprint.Matches([read], s_identity.Certificate));
        Assert.True(DtlsFingerprint.TryParse(Written(name, algorithm).ToLowerInvariant(), out _));
    }

    [Fact]
    [Trait("RFC", "8122 §5")]
    public void Of_several_the_strongest_counts()
    {
        Assert.True(DtlsFingerprint.TryParse(Written("sha-1", "SHA1"), out var weak));
        Assert.True(DtlsFingerprint.TryParse($"sha-512 {string.Join(':', Enumerable.Repeat("AB", 64))}", out var wrong));
        Assert.True(DtlsFingerprint.TryParse(Written("sha-512", "SHA512"), out var right));
        Assert.False(DtlsFingerprint.Matches([weak, wrong], s_identity.Certificate));
        Assert.True(DtlsFingerprint.Matches([weak, wrong, right], s_identity.Certificate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 AB")]
    [InlineData("sha-1 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF")]
    [InlineData("sha-1 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:0G")]
    [InlineData("sha-1 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF-01")]
    [InlineData("sha-1 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:02")]
    [InlineData("md5 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89")]
    public void What_is_no_whole_fingerprint_of_a_good_hash_is_none(string value) => Assert.False(DtlsFingerprint.TryParse(value, out _));

    [Theory]
    [Trait("RFC", "5763 §5")]
    [InlineData("actpass", "active")]
    [InlineData("passive", "active")]
    [InlineData("active", "passive")]
    public void An_offer_is_answered_with_the_other_role(string offered, string answer) => Assert.Equal(answer, DtlsSetup.Write(DtlsSetup.Answering(offered)!.Value));

    [Fact]
    [Trait("RFC", "4145 §4")]
    public void Our_offer_leaves_the_choice_and_the_answer_has_to_make_it()
    {
        Assert.Equal("actpass", DtlsSetup.Offer);
        Assert.Equal(DtlsRole.Server, DtlsSetup.Answered("active"));
        Assert.Equal(DtlsRole.Client, DtlsSetup.Answered("passive"));
        Assert.Null(DtlsSetup.Answered("actpass"));
        Assert.Null(DtlsSetup.Answered(""));
        Assert.Null(DtlsSetup.Answering("holdconn"));
    }

    private static string Written(string name, string algorithm) =>
        $"{name} {Convert.ToHexString(CryptographicOperations.HashData(new HashAlgorithmName(algorithm), s_identity.Certificate)).Chunk(2).Select(c => new string(c)).Aggregate((a, b) => $"{a}:{b}")}";
}
