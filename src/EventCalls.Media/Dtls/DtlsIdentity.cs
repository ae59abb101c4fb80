using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EventCalls.Media.Dtls;

/// <summary>
/// Our certificate for DTLS, signed by its own key (ECDSA P-256): made once a process. Peers know it by the fingerprint in the
/// session description alone (RFC 5763 §5), so it names nobody.
/// </summary>
internal sealed class DtlsIdentity
{
    private DtlsIdentity(byte[] certificate, byte[] privateKey)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        Fingerprint = DtlsFingerprint.Of(certificate);
    }

    /// <summary>The certificate, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>The private key, PKCS #8. Never written anywhere.</summary>
    public byte[] PrivateKey { get; }

    /// <summary>What our session descriptions say of it.</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>Makes a key and its certificate, good from a day ago for ten years: longer than any process lives.</summary>
    public static DtlsIdentity Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=media", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return new DtlsIdentity(certificate.RawData, key.ExportPkcs8PrivateKey());
    }
}
