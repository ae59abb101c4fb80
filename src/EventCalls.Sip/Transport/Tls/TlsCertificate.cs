using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport.Tls;

/// <summary>Our certificate with its key, read from files and read again when they change: a certificate is renewed without a restart. Safe from any thread.</summary>
public sealed class TlsCertificate
{
    private readonly ReadAgain<SslStreamCertificateContext> _files;

    /// <summary>Reads the files.</summary>
    /// <exception cref="TlsFileException">They cannot be used; the message says which and why.</exception>
    public TlsCertificate(TlsCertificateFiles files, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        _files = new ReadAgain<SslStreamCertificateContext>(
            Read(files),
            () => Written(files),
            () => Read(files),
            time,
            (read, problem) =>
            {
                if (read is not null)
                    logger.LogInformation("The certificate {Certificate} was read again; it is valid until {Until:u}", files.Certificate, read.TargetCertificate.NotAfter.ToUniversalTime());
                else
                    logger.LogError("The certificate changed and cannot be used, the one before is: {Problem}", problem!.Message);
            });
    }

    /// <summary>The certificate as the files have it now; the one before when they cannot be used.</summary>
    public SslStreamCertificateContext Current => _files.Current;

    /// <summary>What keeps the files from being used; null when nothing does.</summary>
    public static string? Problem(TlsCertificateFiles files)
    {
        try
        {
            Read(files);
            return null;
        }
        catch (TlsFileException e)
        {
            return e.Message;
        }
    }

    private static DateTime Written(TlsCertificateFiles files)
    {
        var certificate = File.GetLastWriteTimeUtc(files.Certificate);
        var key = files.Key is null ? default : File.GetLastWriteTimeUtc(files.Key);
        return certificate > key ? certificate : key;
    }

    private static SslStreamCertificateContext Read(TlsCertificateFiles files)
    {
        try
        {
            var all = new X509Certificate2Collection();
            X509Certificate2? own;
            if (IsPem(files.Certificate))
            {
                string key = files.Key ?? files.Certificate;
                own = files.Password is null
                    ? X509Certificate2.CreateFromPemFile(files.Certificate, key)
                    : X509Certificate2.CreateFromEncryptedPemFile(files.Certificate, files.Password, key);
                all.ImportFromPemFile(files.Certificate);
            }
            else
            {
                all = X509CertificateLoader.LoadPkcs12CollectionFromFile(files.Certificate, files.Password);
                own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
            }
            // Windows does not take a key that exists in memory alone.
            if (OperatingSystem.IsWindows())
                own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.AddRange(all.Where(c => c.Thumbprint != own.Thumbprint).ToArray());
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new TlsFileException($"{files.Certificate}{(files.Key is null ? "" : $" with the key {files.Key}")}: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static bool IsPem(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[512];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].IndexOf("-----BEGIN"u8) >= 0;
    }
}

/// <summary>Where our certificate and its key are.</summary>
/// <param name="Certificate">A PEM file, with the certificates between ours and the authority's behind it, or a PKCS#12 file.</param>
/// <param name="Key">The key's PEM file; null when it is in the same file.</param>
/// <param name="Password">What the key is encrypted with; null when it is not.</param>
public sealed record TlsCertificateFiles(string Certificate, string? Key = null, string? Password = null);

/// <summary>A file of certificates cannot be used.</summary>
public sealed class TlsFileException(string message, Exception? inner) : Exception(message, inner);
