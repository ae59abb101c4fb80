using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EventCalls.Sip.Extensions.Identity;
using EventCalls.Sip.Transport.Tls;

namespace EventCalls.Telephony.Trust.Signatures;

/// <summary>A certificate of one who signs for callers: its key, when it is valid, and for which numbers. Safe from any thread.</summary>
internal sealed class SignerCertificate
{
    private readonly ECParameters? _key;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private readonly NumberAuthority _numbers;

    private SignerCertificate(ECParameters? key, DateTimeOffset from, DateTimeOffset until, NumberAuthority numbers)
    {
        _key = key;
        _from = from;
        _until = until;
        _numbers = numbers;
    }

    /// <summary>Reads a file: a certificate, with those between it and the authority's behind it.</summary>
    /// <param name="file">PEM or DER.</param>
    /// <param name="authorities">Of one of which it must be; null: it is trusted as it is.</param>
    /// <exception cref="TlsFileException">There is none in it.</exception>
    public static SignerCertificate Read(string file, X509Certificate2Collection? authorities)
    {
        var all = new X509Certificate2Collection();
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0)
                all.ImportFromPem(Encoding.ASCII.GetString(bytes));
            else
                all.Add(X509CertificateLoader.LoadCertificate(bytes));
            return all.Count > 0 ? Of(all[0], all, authorities) : throw new TlsFileException($"there is no certificate in {file}", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or AsnContentException)
        {
            throw new TlsFileException($"{file}: {e.Message.TrimEnd('.')}", e);
        }
        finally
        {
            foreach (var certificate in all)
                certificate.Dispose();
        }
    }

    /// <summary>Whether it may sign for a number at a time.</summary>
    public bool IsGoodFor(string name, DateTimeOffset at) => _key is not null && _from <= at && at <= _until && _numbers.Covers(name);

    /// <summary>Whether its key made a signature (ES256, RFC 7518 §3.4).</summary>
    public bool HasSigned(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create(_key!.Value);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static SignerCertificate Of(X509Certificate2 own, X509Certificate2Collection all, X509Certificate2Collection? authorities)
    {
        DateTimeOffset from = own.NotBefore, until = own.NotAfter;
        bool isTrusted = true;
        if (authorities is not null)
        {
            using var chain = new X509Chain { ChainPolicy = Policy(all, authorities) };
            isTrusted = chain.Build(own);
            // The clock is looked at for each call, not when the file is read.
            foreach (var element in chain.ChainElements)
            {
                from = from > element.Certificate.NotBefore ? from : element.Certificate.NotBefore;
                until = until < element.Certificate.NotAfter ? until : element.Certificate.NotAfter;
                element.Certificate.Dispose();
            }
        }
        using var key = own.GetECDsaPublicKey();
        var parameters = isTrusted ? key?.ExportParameters(false) : null;
        return new SignerCertificate(parameters is { Curve.Oid.Value: "1.2.840.10045.3.1.7" } ? parameters : null, from, until, NumberAuthority.Of(own));
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection all, X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(all);
        return policy;
    }
}
