using System.Text;
using EventCalls.Media.Dtls;
using EventCalls.Media.Sessions;
using EventCalls.Media.Srtp;
using EventCalls.Sip.Messages;

namespace EventCalls.Media.Tests;

public class StreamKeysTests
{
    [Fact]
    [Trait("RFC", "4568 §5.1.2")]
    public void An_offer_is_answered_with_its_tag_and_a_key_of_ours()
    {
        var keys = new StreamKeys(MediaProtection.None);
        var theirs = CryptoAttribute.Fresh(7, SrtpSuite.AesCm128Tag80);
        keys.Hear(true, false, Described(theirs));
        Assert.Equal("RTP/SAVP", keys.Protocol);
        Assert.True(keys.Peers!.IsSame(theirs.Key));
        string told = Told(keys);
        Assert.StartsWith("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:", told);
        Assert.Equal(told, Told(keys));
        Assert.True(Read(told).Single().Key.IsSame(keys.Ours!));
    }

    [Fact]
    [Trait("RFC", "4568 §5.1.3")]
    public void An_answer_takes_one_of_the_keys_that_we_offered()
    {
        var keys = new StreamKeys(MediaProtection.Sdes);
        var offered = Read(Told(keys));
        Assert.Equal(SrtpSuite.All.Count, offered.Count);
        Assert.Null(keys.Ours);
        var answer = CryptoAttribute.Fresh(offered[2].Tag, offered[2].Suite);
        keys.Hear(true, false, Described(answer));
        Assert.True(keys.Ours!.IsSame(offered[2].Key));
        Assert.True(keys.Peers!.IsSame(answer.Key));
    }

    [Fact]
    [Trait("RFC", "4568 §7.1.4")]
    public void A_peer_that_describes_its_session_again_leaves_our_key_as_it_is()
    {
        var keys = new StreamKeys(MediaProtection.None);
        keys.Hear(true, false, Described(CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80)));
        var ours = keys.Ours!;
        var rekeyed = CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80);
        keys.Hear(true, false, Described(rekeyed));
        Assert.True(keys.Ours!.IsSame(ours));
        Assert.True(keys.Peers!.IsSame(rekeyed.Key));
    }

    [Fact]
    public void A_peer_without_any_way_that_we_have_is_said_to_be_of_no_use()
    {
        var keys = new StreamKeys(MediaProtection.None);
        keys.Hear(true, false, DescribedKeys.Read("a=crypto:1 NO_SUCH_SUITE inline:AAAA\r\n"u8, DescribedKeys.None));
        Assert.True(keys.IsUnusable);
        keys.Hear(false, true, DescribedKeys.None);
        Assert.False(keys.IsUnusable);
        Assert.Equal("RTP/AVPF", keys.Protocol);
        Assert.Equal("", Told(keys));
    }

    [Theory]
    [InlineData("actpass", "active")]
    [InlineData("passive", "active")]
    [InlineData("active", "passive")]
    [Trait("RFC", "5763 §5")]
    public void An_offer_by_DTLS_is_answered_with_our_certificate_and_our_part(string offered, string ours)
    {
        var keys = new StreamKeys(MediaProtection.None);
        keys.Hear(true, true, Certificate(offered));
        Assert.Equal("UDP/TLS/RTP/SAVPF", keys.Protocol);
        Assert.EndsWith($"a=setup:{ours}\r\n", Told(keys));
        keys.Hear(true, true, Certificate("actpass"));
        Assert.EndsWith($"a=setup:{ours}\r\n", Told(keys));
    }

    [Theory]
    [InlineData("active", DtlsSetupRole.Server)]
    [InlineData("passive", DtlsSetupRole.Client)]
    [Trait("RFC", "5763 §5, 8842 §5")]
    public void Our_offer_by_DTLS_leaves_the_choice_to_the_answer(string answer, DtlsSetupRole role)
    {
        var keys = new StreamKeys(MediaProtection.Dtls);
        Assert.EndsWith("a=setup:actpass\r\n", Told(keys));
        keys.Hear(true, true, Certificate(answer));
        Assert.Equal(role == DtlsSetupRole.Server ? DtlsRole.Server : DtlsRole.Client, keys.Role);
    }

    public enum DtlsSetupRole
    {
        Client,
        Server,
    }

    private static DescribedKeys Certificate(string setup) => DescribedKeys.Read(Encoding.ASCII.GetBytes($"a=fingerprint:{DtlsFingerprint.Of([1])}\r\na=setup:{setup}\r\n"), DescribedKeys.None);

    private static DescribedKeys Described(CryptoAttribute crypto) => DescribedKeys.Read(Encoding.ASCII.GetBytes($"a=crypto:{crypto.Write()}\r\n"), DescribedKeys.None);

    private static IReadOnlyList<CryptoAttribute> Read(string told) => DescribedKeys.Read(Encoding.ASCII.GetBytes(told), DescribedKeys.None).Cryptos;

    private static string Told(StreamKeys keys)
    {
        var writer = new SipWriter();
        keys.Write(writer, () => DtlsFingerprint.Of([2]));
        return Encoding.ASCII.GetString(writer.Written);
    }
}
