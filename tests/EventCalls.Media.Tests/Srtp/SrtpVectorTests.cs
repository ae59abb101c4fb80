using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Srtp;

/// <summary>The test vectors the RFCs give.</summary>
public class SrtpVectorTests
{
    private const string GcmSalt = "517569642070726f2071756f";
    private const string Rtp = "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361"
        + "20696e207061727465732074726573";

    private const string Rtcp = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    [Theory]
    [Trait("RFC", "3711, 6188 §7.1")]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C", 0, "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0")]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C", 0xFEFF, "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44")]
    [InlineData("57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98", 0, "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac63c4868b7096d88421b563b8c94c9a31")]
    public void The_keystream_is_that_of_the_vectors(string key, int block, string expected)
    {
        using var stream = new AesKeystream(Bytes(key));
        byte[] all = new byte[(block + 3) * 16];
        stream.Apply(all, 0xF0F1F2F3F4F5F6F7, 0xF8F9FAFBFCFD0000);
        Assert.Equal(Bytes(expected), all[^48..]);
    }

    [Theory]
    [Trait("RFC", "3711 §4.3, 6188 §7.2")]
    [InlineData("E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6", "C61E7A93744F39EE10734AFE3FF7A087", "30CBBC08863D8C85D49DB34A9AE1",
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2")]
    [InlineData("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6", "3b04803de51ee7c96423ab5b78d2",
        "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4", "fa31791685ca444a9e07c6c64e93", "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    public void The_keys_are_those_of_the_vectors(string key, string salt, string cipherKey, string cipherSalt, string authentication)
    {
        var master = new SrtpMasterKey(key.Length == 32 ? SrtpSuite.AesCm128Tag80 : SrtpSuite.AesCm256Tag80, Bytes(key), Bytes(salt));
        var keys = SrtpSessionKeys.From(master, rtcp: false);
        Assert.Equal(Bytes(cipherKey), keys.Encryption);
        Assert.Equal(Bytes(cipherSalt), keys.Salt);
        Assert.Equal(Bytes(authentication)[..20], keys.Authentication);
        Assert.Equal(Bytes(authentication), SrtpSessionKeys.Derive(master, 1, authentication.Length / 2));
    }

    [Theory]
    [Trait("RFC", "7714 §16.1, §16.2")]
    [InlineData(16, "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(32, "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void RTP_in_Galois_counter_mode_is_that_of_the_vectors(int keyLength, string expected)
    {
        using AesGcmCipher cipher = Gcm(keyLength);
        byte[] buffer = new byte[100];
        Bytes(Rtp).CopyTo(buffer, 0);
        int length = cipher.Protect(buffer, Rtp.Length / 2, 12, 0x5501a0b2, 0xf17b);
        Assert.Equal(Bytes(expected), buffer[..length]);
        Assert.Equal(Rtp.Length / 2, cipher.Unprotect(buffer.AsSpan(0, length), 12, 0x5501a0b2, 0xf17b));
        Assert.Equal(Bytes(Rtp), buffer[..(Rtp.Length / 2)]);
    }

    [Theory]
    [Trait("RFC", "7714 §17.1, §17.2")]
    [InlineData(16, "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(32, "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    public void RTCP_in_Galois_counter_mode_is_that_of_the_vectors(int keyLength, string expected)
    {
        using AesGcmCipher cipher = Gcm(keyLength);
        byte[] buffer = new byte[100];
        Bytes(Rtcp).CopyTo(buffer, 0);
        int length = cipher.ProtectRtcp(buffer, Rtcp.Length / 2, 0x4d617273, 0x5d4);
        Assert.Equal(Bytes(expected), buffer[..length]);
        Assert.Equal(Rtcp.Length / 2, cipher.UnprotectRtcp(buffer.AsSpan(0, length), 0x4d617273));
        Assert.Equal(Bytes(Rtcp), buffer[..(Rtcp.Length / 2)]);
    }

    [Fact]
    [Trait("RFC", "7714 §17.3")]
    public void RTCP_that_is_tagged_alone_is_taken_as_the_vectors_have_it()
    {
        using AesGcmCipher cipher = Gcm(16);
        byte[] packet = Bytes(Rtcp + "841dd9683dd78ec92ae58790125f62b3000005d4");
        Assert.Equal(Rtcp.Length / 2, cipher.UnprotectRtcp(packet, 0x4d617273));
        Assert.Equal(Bytes(Rtcp), packet[..(Rtcp.Length / 2)]);
        packet[20] ^= 1;
        Assert.Equal(SrtpResult.BadTag, cipher.UnprotectRtcp(packet, 0x4d617273));
    }

    private static AesGcmCipher Gcm(int keyLength)
    {
        var keys = new SrtpSessionKeys([.. Enumerable.Range(0, keyLength).Select(n => (byte)n)], [], Bytes(GcmSalt));
        return new AesGcmCipher(keys, keys, []);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
