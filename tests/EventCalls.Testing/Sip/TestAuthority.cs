using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EventCalls.Testing.Sip;

/// <summary>An authority that signs certificates for tests, into PEM files of a folder of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-certificates-");
    private readonly X509Certificate2 _own;
    private readonly DateTimeOffset _from;

    /// <param name="time">Certificates are valid from a day before now to a day after.</param>
    public TestAuthority(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _from = time.GetUtcNow().AddDays(-1);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=EventCalls tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _own = request.CreateSelfSigned(_from.AddDays(-1), _from.AddDays(3));
        File.WriteAllText(AuthorityFile, _own.ExportCertificatePem());
    }

    /// <summary>The file of the authority's own certificate.</summary>
    public string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

    /// <summary>The authority's own certificate.</summary>
    public X509Certificate2Collection Authorities => [_own];

    /// <summary>Makes a certificate and its key, both in one file.</summary>
    /// <param name="name">The file's name, and the subject's.</param>
    /// <param name="names">What it bears: host names, addresses, and <c>sip:</c> URIs; none for the subject alone.</param>
    public string Make(string name, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), names);
        return Write(name, signed, key);
    }

    /// <summary>The same with an extension.</summary>
    public string MakeWith(string name, X509Extension extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(extension);
        using var signed = Sign(request, []);
        return Write(name, signed, key);
    }

    /// <summary>The same with an RSA key, for peers that take no other.</summary>
    public string MakeRsa(string name, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var key = RSA.Create(2048);
        using var signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), names);
        return Write(name, signed, key);
    }

    /// <summary>Makes a certificate and its key as a PKCS#12 file.</summary>
    public string MakePkcs12(string name, string password, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), names);
        using var whole = signed.CopyWithPrivateKey(key);
        string file = Path.Combine(_folder.FullName, name + ".p12");
        File.WriteAllBytes(file, whole.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    /// <summary>Makes a certificate alone.</summary>
    public X509Certificate2 Sign(string name, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), names);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _own.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, X509Certificate2 signed, AsymmetricAlgorithm key)
    {
        string file = Path.Combine(_folder.FullName, name + ".pem");
        File.WriteAllText(file, signed.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }

    private X509Certificate2 Sign(CertificateRequest request, string[] names)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (string each in names)
            {
                if (each.StartsWith("sip", StringComparison.Ordinal) && each.Contains(':', StringComparison.Ordinal))
                    alternatives.AddUri(new Uri(each));
                else if (IPAddress.TryParse(each, out var address))
                    alternatives.AddIpAddress(address);
                else
                    alternatives.AddDnsName(each);
            }
            request.CertificateExtensions.Add(alternatives.Build());
        }
        return request.Create(_own.SubjectName, X509SignatureGenerator.CreateForECDsa(_own.GetECDsaPrivateKey()!), _from, _from.AddDays(2), RandomNumberGenerator.GetBytes(12));
    }
}
