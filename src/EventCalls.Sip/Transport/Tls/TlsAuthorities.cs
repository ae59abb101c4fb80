using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport.Tls;

/// <summary>Whose signatures on certificates are trusted: given, or read from a PEM file and read again when that changes. Safe from any thread.</summary>
public sealed class TlsAuthorities
{
    private readonly ReadAgain<X509Certificate2Collection>? _file;
    private readonly X509Certificate2Collection? _given;

    /// <summary>Those that stay.</summary>
    public TlsAuthorities(X509Certificate2Collection given) => _given = given;

    /// <summary>Reads the file.</summary>
    /// <exception cref="TlsFileException">It cannot be used; the message says why.</exception>
    public TlsAuthorities(string file, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        _file = new ReadAgain<X509Certificate2Collection>(
            Read(file),
            () => File.GetLastWriteTimeUtc(file),
            () => Read(file),
            time,
            (read, problem) =>
            {
                if (read is not null)
                    logger.LogInformation("The authorities in {File} were read again; {Count} are trusted", file, read.Count);
                else
                    logger.LogError("The authorities changed and cannot be used, those before are: {Problem}", problem!.Message);
            });
    }

    /// <summary>The authorities as the file has them now; those before when it cannot be used.</summary>
    public X509Certificate2Collection Current => _file?.Current ?? _given!;

    /// <summary>What keeps a file from being used; null when nothing does.</summary>
    public static string? Problem(string file)
    {
        try
        {
            Read(file);
            return null;
        }
        catch (TlsFileException e)
        {
            return e.Message;
        }
    }

    /// <summary>Reads a file once.</summary>
    /// <exception cref="TlsFileException">It cannot be used.</exception>
    public static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new TlsFileException(e.Message.TrimEnd('.'), e);
        }
        return authorities.Count > 0 ? authorities : throw new TlsFileException("there is none in it", null);
    }
}
