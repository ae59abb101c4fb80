namespace EventCalls.Media.Srtp;

/// <summary>A way to encrypt and authenticate RTP and RTCP: lengths in bytes, and its names in SDP and in DTLS.</summary>
internal sealed class SrtpSuite
{
    /// <summary>AES-128 in counter mode, tags of 80 bits (RFC 3711, RFC 4568 §6.2.1).</summary>
    public static readonly SrtpSuite AesCm128Tag80 = new("AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10, 0x0001);

    /// <summary>AES-128 in counter mode, tags of 32 bits for RTP and 80 for RTCP (RFC 4568 §6.2.2).</summary>
    public static readonly SrtpSuite AesCm128Tag32 = new("AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10, 0x0002);

    /// <summary>AES-256 in counter mode, tags of 80 bits (RFC 6188). DTLS has no number for it.</summary>
    public static readonly SrtpSuite AesCm256Tag80 = new("AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10, 0);

    /// <summary>AES-256 in counter mode, tags of 32 bits for RTP and 80 for RTCP (RFC 6188). DTLS has no number for it.</summary>
    public static readonly SrtpSuite AesCm256Tag32 = new("AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10, 0);

    /// <summary>AES-128 in Galois counter mode (RFC 7714).</summary>
    public static readonly SrtpSuite AesGcm128 = new("AEAD_AES_128_GCM", 16, 12, 16, 16, 0x0007);

    /// <summary>AES-256 in Galois counter mode (RFC 7714).</summary>
    public static readonly SrtpSuite AesGcm256 = new("AEAD_AES_256_GCM", 32, 12, 16, 16, 0x0008);

    private SrtpSuite(string name, int keyLength, int saltLength, int tagLength, int rtcpTagLength, int dtlsProfile)
    {
        Name = name;
        KeyLength = keyLength;
        SaltLength = saltLength;
        TagLength = tagLength;
        RtcpTagLength = rtcpTagLength;
        DtlsProfile = dtlsProfile;
    }

    /// <summary>All there are, in the order we prefer them: what every phone has first, then the stronger keys, short tags last.</summary>
    public static IReadOnlyList<SrtpSuite> All { get; } =
        [AesCm128Tag80, AesCm256Tag80, AesGcm256, AesGcm128, AesCm256Tag32, AesCm128Tag32];

    /// <summary>The name in SDP, upper case.</summary>
    public string Name { get; }

    /// <summary>How long the master key is, and the key of a session.</summary>
    public int KeyLength { get; }

    /// <summary>How long the master salt is.</summary>
    public int SaltLength { get; }

    /// <summary>How long the tag of an RTP packet is.</summary>
    public int TagLength { get; }

    /// <summary>How long the tag of an RTCP packet is.</summary>
    public int RtcpTagLength { get; }

    /// <summary>The number of the protection profile in DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2); 0 without.</summary>
    public int DtlsProfile { get; }

    /// <summary>Whether one algorithm encrypts and authenticates, instead of AES and HMAC-SHA1.</summary>
    public bool IsAead => SaltLength == 12;

    /// <summary>The suite of a name in SDP, in any case; null when we have none.</summary>
    public static SrtpSuite? Named(ReadOnlySpan<char> name)
    {
        foreach (SrtpSuite suite in All)
        {
            if (name.Equals(suite.Name, StringComparison.OrdinalIgnoreCase))
                return suite;
        }
        return null;
    }

    /// <summary>The suite of a profile's number in DTLS; null when we have none.</summary>
    public static SrtpSuite? OfDtlsProfile(int profile)
    {
        foreach (SrtpSuite suite in All)
        {
            if (profile != 0 && suite.DtlsProfile == profile)
                return suite;
        }
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
