namespace EventCalls.Host.Configuration;

/// <summary>Finds secrets that others can read: given as arguments, which every user of the machine sees in the list of processes, or sent over the network without encryption.</summary>
internal static class SecretWarnings
{
    private static readonly string[] s_secretKeys = ["Password", "Authorization", "Secret", "Token"];

    /// <summary>What the command line says that it should not.</summary>
    public static IReadOnlyList<string> Of(CommandLineOverrides overrides) =>
        [.. overrides.Values.Where(v => IsSecret(v.Key, v.Value)).Select(v => v.Key).Distinct(StringComparer.OrdinalIgnoreCase).Select(key =>
            $"--{key} holds a secret, and every user of this machine can read arguments in the list of processes; put it into the environment ({key.Replace(":", "__", StringComparison.Ordinal)}=…) or into a file that only the service may read (--config FILE)")];

    /// <summary>What the settings send where anybody on the way can read it; null for nothing. The remedy is https.</summary>
    public static string? OverHttp(Settings settings) => settings.Router.Webhook is { Url: { Scheme: "http" } url } webhook
        && (webhook.Authorization is { Length: > 0 } || url.UserInfo.Length > 0)
        ? $"{KeyReader.Section}:Routing:Webhook:Url is http: Authorization is sent unencrypted, and whoever reads it can pass for this service."
        : settings.Router.Sources.FirstOrDefault(s => s.Headers.Count > 0 && Uri.TryCreate(s.Url, UriKind.Absolute, out var at) && at is { Scheme: "http", IsLoopback: false }) is { } source
        ? $"{KeyReader.Section}:Routing:Sources:{source.Name}:Url is http: its headers are sent unencrypted, and whoever reads them can pass for this service."
        : null;

    /// <summary>Whether a key, or the one that was meant by a misspelt one, holds a secret whatever its value looks like.</summary>
    public static bool IsSecretKey(string key)
    {
        string name = key[(key.LastIndexOf(':') + 1)..];
        if (key.Contains("Routing:Sources:", StringComparison.OrdinalIgnoreCase) && key.Contains(":Headers:", StringComparison.OrdinalIgnoreCase))
            return true;
        // Users have names of their own, whatever "Users" was misspelt as.
        return (key.Contains(":Digest:", StringComparison.OrdinalIgnoreCase) && !key.EndsWith(":Realm", StringComparison.OrdinalIgnoreCase) && !key.Contains(":Algorithms", StringComparison.OrdinalIgnoreCase))
            || s_secretKeys.Contains(name, StringComparer.OrdinalIgnoreCase)
            || name.EndsWith("Key", StringComparison.OrdinalIgnoreCase)
            || s_secretKeys.Any(secret => IsNear(name, secret));
    }

    private static bool IsSecret(string key, string? value) => !string.IsNullOrWhiteSpace(value) && (IsSecretKey(key) || HiddenValue.HoldsPassword(value));

    // A letter too many, too few, another, or two swapped: what is left at both ends is the same.
    private static bool IsNear(string name, string secret)
    {
        int start = 0;
        while (start < name.Length && start < secret.Length && char.ToUpperInvariant(name[start]) == char.ToUpperInvariant(secret[start]))
            start++;
        int end = 0;
        while (end < name.Length - start && end < secret.Length - start && char.ToUpperInvariant(name[^(end + 1)]) == char.ToUpperInvariant(secret[^(end + 1)]))
            end++;
        return Math.Max(name.Length, secret.Length) - start - end <= 2;
    }
}
