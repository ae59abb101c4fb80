using EventCalls.Sip.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Trust.Signatures;

/// <summary>The certificates in a folder, each under the address by which Identity headers name it; read again when the folder changes. Safe from any thread.</summary>
internal sealed class SignerCertificates
{
    private readonly ReadAgain<Dictionary<string, SignerCertificate>> _read;

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="authorities">The PEM file of the authorities; null: what is in the folder is trusted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="TlsFileException">Something in it cannot be used; the message says what.</exception>
    public SignerCertificates(string folder, string? authorities, TimeProvider time, ILogger logger)
    {
        _read = new ReadAgain<Dictionary<string, SignerCertificate>>(
            Read(folder, authorities),
            () => Written(folder, authorities),
            () => Read(folder, authorities),
            time,
            (read, problem) =>
            {
                if (read is not null)
                    logger.LogInformation("The certificates in {Folder} were read again; there are {Count}", folder, read.Count);
                else
                    logger.LogError("The certificates for Identity headers changed and cannot be used, those before are: {Problem}", problem!.Message);
            });
    }

    /// <summary>The certificate that a header names; null when it is not there.</summary>
    public SignerCertificate? At(string address) => NameOf(address) is { } name ? _read.Current.GetValueOrDefault(name) : null;

    /// <summary>What keeps a folder from being used; null when nothing does.</summary>
    public static string? Problem(string folder, string? authorities)
    {
        try
        {
            Read(folder, authorities);
            return null;
        }
        catch (TlsFileException e)
        {
            return e.Message;
        }
    }

    private static string? NameOf(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Query.Length > 0)
            return null;
        string host = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}_{uri.Port}";
        return host.ToLowerInvariant() + uri.AbsolutePath;
    }

    private static Dictionary<string, SignerCertificate> Read(string folder, string? authorities)
    {
        var trusted = authorities is null ? null : TlsAuthorities.Read(authorities);
        var found = new Dictionary<string, SignerCertificate>(StringComparer.Ordinal);
        foreach (string file in Files(folder))
        {
            string path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                throw new TlsFileException($"{file} stands for no address: put it below a folder that is named as the host", null);
            found[path[..slash].ToLowerInvariant() + path[slash..]] = SignerCertificate.Read(file, trusted);
        }
        return found;
    }

    // What is hidden is an editor's or a mount's.
    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !Path.GetRelativePath(folder, f).Split('/', '\\').Any(part => part.StartsWith('.'))).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TlsFileException(e.Message.TrimEnd('.'), e);
        }
    }

    private static DateTime Written(string folder, string? authorities)
    {
        var last = authorities is null ? default : File.GetLastWriteTimeUtc(authorities);
        try
        {
            // A folder changes with what is put into it and taken away, a file with what is written.
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
            {
                var written = File.GetLastWriteTimeUtc(entry);
                last = written > last ? written : last;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading it says what is wrong.
        }
        return last;
    }
}
