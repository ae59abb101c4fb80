using System.Security.Cryptography;
using EventCalls.Media.Srtp;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using HashAlgorithm = Org.BouncyCastle.Tls.HashAlgorithm;

namespace EventCalls.Media.Dtls;

/// <summary>What client and server have in common: our certificate, the check of the peer's, the choice of a suite and the keys.</summary>
internal sealed class DtlsSide(DtlsTask task, BcTlsCrypto crypto)
{
    /// <summary>When we first send again what was not answered, milliseconds; each time after twice that (RFC 6347 §4.2.4.1).</summary>
    public const int ResendMilliseconds = 250;

    private const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    /// <summary>With forward secrecy and authenticated encryption alone (RFC 8827 §6.5 asks for the first).</summary>
    public static readonly int[] ServerCiphers =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>Those, and the ones for a server whose certificate is of RSA.</summary>
    public static readonly int[] ClientCiphers =
    [
        .. ServerCiphers,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    private SrtpSuite? _suite;

    /// <summary>What is computed with.</summary>
    public BcTlsCrypto Crypto => crypto;

    /// <summary>The keys, once the handshake is done.</summary>
    public DtlsKeys? Keys { get; private set; }

    /// <summary>Why we refused, when it was we.</summary>
    public DtlsFault? Fault { get; private set; }

    /// <summary>Whether the peer said that it is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What a client offers.</summary>
    public UseSrtpData Offer => new(task.Profiles, []);

    /// <summary>What a server answers, after <see cref="Choose"/>.</summary>
    public UseSrtpData Answer => new([_suite!.DtlsProfile], []);

    /// <summary>As server: the first of ours that the client offers (RFC 5764 §4.1.1).</summary>
    public void Choose(UseSrtpData? offered)
    {
        int profile = task.Profiles.FirstOrDefault(ours => offered?.ProtectionProfiles.Contains(ours) == true);
        _suite = SrtpSuite.OfDtlsProfile(profile) ?? throw Refuse(DtlsFault.NoCommonSuite, AlertDescription.handshake_failure);
    }

    /// <summary>As client: the one of ours that the server chose, without an identifier of the key, as we offered none.</summary>
    public void Take(UseSrtpData? answer)
    {
        if (answer is null || answer.Mki.Length > 0 || answer.ProtectionProfiles is not [var profile] || !task.Profiles.Contains(profile))
            throw Refuse(DtlsFault.NoCommonSuite, AlertDescription.illegal_parameter);
        _suite = SrtpSuite.OfDtlsProfile(profile);
    }

    /// <summary>The peer's certificate has to be the one its session description names; who signed it does not matter (RFC 5763 §5).</summary>
    public void Check(Certificate? certificate)
    {
        if (certificate is null || certificate.IsEmpty || !DtlsFingerprint.Matches(task.Fingerprints, certificate.GetCertificateAt(0).GetEncoded()))
            throw Refuse(DtlsFault.WrongFingerprint, AlertDescription.bad_certificate);
    }

    /// <summary>Notes what the peer alerts us of.</summary>
    public void Hear(short level, short description) => IsClosed |= level == AlertLevel.fatal || description == AlertDescription.close_notify;

    /// <summary>Our certificate and what signs with its key.</summary>
    public TlsCredentialedSigner Credentials(TlsContext context) => new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        PrivateKeyFactory.CreateKey(task.Identity.PrivateKey),
        new Certificate([crypto.CreateCertificate(task.Identity.Certificate)]),
        new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));

    /// <summary>
    /// Makes the keys of SRTP out of the master secret (RFC 5764 §4.2, RFC 5705 §4): both keys, then both salts, the client's
    /// first. The library's own exporter refuses peers without the extended master secret, of which older phones are some.
    /// </summary>
    public void Export(TlsContext context)
    {
        SecurityParameters parameters = context.SecurityParameters;
        int key = _suite!.KeyLength;
        int salt = _suite.SaltLength;
        byte[] seed = [.. parameters.ClientRandom, .. parameters.ServerRandom];
        byte[] all = parameters.MasterSecret.DeriveUsingPrf(parameters.PrfAlgorithm, ExporterLabel, seed, 2 * (key + salt)).Extract();
        var client = new SrtpMasterKey(_suite, all.AsSpan(0, key), all.AsSpan(2 * key, salt));
        var server = new SrtpMasterKey(_suite, all.AsSpan(key, key), all.AsSpan(2 * key + salt, salt));
        CryptographicOperations.ZeroMemory(all);
        Keys = context.IsServer ? new DtlsKeys(server, client) : new DtlsKeys(client, server);
    }

    private TlsFatalAlert Refuse(DtlsFault fault, short alert)
    {
        Fault = fault;
        return new TlsFatalAlert(alert);
    }
}
