using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Security;

/// <summary>The keys that are worth something now: read again as soon as their file is another one.</summary>
internal sealed partial class KeyRing(ApiKeyFile file, ILogger logger)
{
    private readonly Lock _gate = new();
    private Known _known = new(default, -1, []);

    /// <summary>Whether any key is worth something.</summary>
    public bool Any => Now().Keys.Length > 0;

    /// <summary>Whose key it is; null when it is nobody's.</summary>
    public ApiCaller? Find(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        ApiCaller? found = null;
        // All of them, and each to its end: how long it takes tells nothing.
        foreach (var (known, caller) in Now().Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found = caller;
        }
        return found;
    }

    private Known Now()
    {
        var info = new FileInfo(file.Path);
        var (at, length) = info.Exists ? (info.LastWriteTimeUtc, info.Length) : (default, 0);
        var known = _known;
        if (known.WrittenAt == at && known.Length == length)
            return known;
        lock (_gate)
            return _known = new Known(at, length, Read());
    }

    // A file that cannot be read opens nothing.
    private (byte[] Hash, ApiCaller Caller)[] Read()
    {
        try
        {
            return [.. file.Read().Where(key => key.RevokedAt is null).Select(key => (Convert.FromHexString(key.Sha256), new ApiCaller(key.Name, key.Scope) { MayListen = key.Listen, MayMonitor = key.Monitor }))];
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            LogUnreadable(e.Message);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No API key is worth anything now: {Reason}")]
    private partial void LogUnreadable(string reason);

    private sealed record Known(DateTime WrittenAt, long Length, (byte[] Hash, ApiCaller Caller)[] Keys);
}

/// <summary>Who asks.</summary>
/// <param name="Name">The name of the key, as the audit shows it.</param>
/// <param name="Scope">What it may do.</param>
internal sealed record ApiCaller(string Name, ApiScope Scope)
{
    /// <summary>Whether it is somebody who signed in with a provider, and no key.</summary>
    public bool IsPerson { get; init; }

    /// <summary>Whether recordings may be heard, too.</summary>
    public bool MayListen { get; init; }

    /// <summary>Whether calls that are under way may be monitored, too.</summary>
    public bool MayMonitor { get; init; }

    /// <summary>Whoever is on this machine, where no keys are configured.</summary>
    public static readonly ApiCaller Loopback = new("loopback", ApiScope.Administer) { MayListen = true, MayMonitor = true };
}
