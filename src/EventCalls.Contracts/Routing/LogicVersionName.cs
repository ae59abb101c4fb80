namespace EventCalls.Contracts;

/// <summary>What the version of routing logic is called in events and in the store.</summary>
public static class LogicVersionName
{
    /// <summary>How the content hash of sources begins; 64 hex digits follow.</summary>
    public const string HashPrefix = "sha256:";

    /// <summary>How the name of a webhook that decides begins.</summary>
    public const string WebhookPrefix = "webhook:";

    /// <summary>What is recorded where there is no logic.</summary>
    public const string None = "none";

    private const int ShortDigits = 12;

    /// <summary>Whether a version, or the beginning of one, names sources that can be had again.</summary>
    public static bool IsHash(string version) => version.StartsWith(HashPrefix, StringComparison.Ordinal);

    /// <summary>Whether a version names a webhook.</summary>
    public static bool IsWebhook(string version) => version.StartsWith(WebhookPrefix, StringComparison.Ordinal);

    /// <summary>The short form, for people.</summary>
    public static string Short(string version) =>
        IsHash(version) && version.Length > HashPrefix.Length + ShortDigits ? version.Substring(HashPrefix.Length, ShortDigits) : version;
}
