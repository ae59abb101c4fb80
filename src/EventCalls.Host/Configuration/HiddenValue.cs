using System.Text.RegularExpressions;

namespace EventCalls.Host.Configuration;

/// <summary>Values of the configuration as they may be printed: where one may hold a password, it is hidden.</summary>
internal static partial class HiddenValue
{
    private const string Hidden = "…";

    /// <summary>Whether a value holds a password, in whatever way such values are written: as an address, as a connection string, or as an address with a mistake in it.</summary>
    public static bool HoldsPassword(string value) => UserInfo().IsMatch(value) || Named().IsMatch(value) || WithoutSlashes().IsMatch(value);

    /// <summary>The value of a key that may be printed: of an address with a user only where it leads, nothing of what else may hold a password.</summary>
    public static string Of(string value)
    {
        if (WellFormed().Match(value) is { Success: true } address)
            return $"{address.Groups[1].Value}{Hidden}{address.Groups[2].Value}";
        if (WithoutSlashes().Match(value) is { Success: true } mistaken)
            return $"{mistaken.Groups[1].Value}{Hidden}";
        return HoldsPassword(value) || value.Contains('@') || value.Contains('=') ? Hidden : value;
    }

    /// <summary>The value of a key that ought to be an address with a password: what is not plainly without one is hidden.</summary>
    public static string OfAddress(string value) => Place().IsMatch(value) || WellFormed().IsMatch(value) || WithoutSlashes().IsMatch(value) ? Of(value) : Hidden;

    /// <summary>The value of a key, as far as the key's name lets it be printed.</summary>
    public static string Of(string key, string value) =>
        value.Length == 0 ? "" : SecretWarnings.IsSecretKey(key) ? Hidden : key is "Bus:RabbitMq" or "Store:Postgres" or "Routing:Webhook:Url" || key.StartsWith("Webhooks:", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Routing:Sources:", StringComparison.OrdinalIgnoreCase) ? OfAddress(value) : Of(value);

    [GeneratedRegex(@"://[^/?#]*:[^/?#]*@|^(?!(?:sips?|tel|udp|tcp|tls):)[^/@:\s]+:[^@\s]+@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(password|pwd|passwd|secret|token)\s*[=:]\s*\S|^\s*(bearer|basic|digest)\s+\S", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    // amqp:guest:secret, amqp:guest:secret@host, postgres:calls:secret: the slashes were forgotten.
    [GeneratedRegex(@"^((?:amqps?|postgres(?:ql)?|https?):/?)(?!/)[^\s]*:.*$", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutSlashes();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#@\s]*(@[^/?#@\s]+(?:[/?#][^@\s]*)?)$")]
    private static partial Regex WellFormed();

    // A host, perhaps with a scheme, a port and a path.
    [GeneratedRegex(@"^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/[A-Za-z0-9._/-]*)?$")]
    private static partial Regex Place();
}
