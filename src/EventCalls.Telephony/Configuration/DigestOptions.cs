namespace EventCalls.Telephony.Configuration;

/// <summary>How a trunk proves who it is when it calls: by user and password (RFC 7616).</summary>
public sealed record DigestOptions
{
    /// <summary>The realm that its challenges name.</summary>
    public string Realm { get; init; } = "eventcalls";

    /// <summary>The users and their secrets: a password, or <c>{MD5}</c> or <c>{SHA-256}</c> with the hash of user:realm:password in hexadecimal behind it. Empty: nothing is asked for.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>The algorithms that are offered, the strongest first whatever the order here; empty for all for which every user has a secret.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{Realm}: {string.Join(", ", Users.Keys)}";
}
