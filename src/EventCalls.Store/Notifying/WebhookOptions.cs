using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Store.Notifying;

/// <summary>A receiver that is told of events over HTTP.</summary>
public sealed record WebhookOptions
{
    /// <summary>The shortest secret, characters.</summary>
    public const int LeastSecretLength = 24;

    /// <summary>What is told besides events of calls: a node that was not heard of any more.</summary>
    public const string NodeLost = "node_lost";

    /// <summary>Calls of the day before come out otherwise with the very version that had decided them.</summary>
    public const string NightlyNotSame = "nightly_not_same";

    /// <summary>The calls of the day before were decided again, and none comes out otherwise.</summary>
    public const string NightlySame = "nightly_same";

    private const string EncodedSecret = "whsec_";

    /// <summary>Its name: what its place in the store goes by.</summary>
    public required string Name { get; init; }

    /// <summary>Where to send to, <c>https</c> or <c>http</c>; without user and password.</summary>
    public required Uri Url { get; init; }

    /// <summary>What anybody on the way reads of what is told, one sentence; null when nobody does.</summary>
    public string? ReadOnTheWay => Url.Scheme == Uri.UriSchemeHttp && !Url.IsLoopback
        ? $"EventCalls:Webhooks:{Name}:Url is http: what is told of calls, numbers among it, is sent unencrypted, and whoever is on the way reads it."
        : null;

    /// <summary>What requests are signed with: a text of 24 characters or more, or <c>whsec_</c> and base64.</summary>
    public required string Secret { get; init; }

    /// <summary>What is told: stored names of events, <c>node_lost</c>, <c>trunk_down</c>, <c>trunk_up</c>, <c>nightly_not_same</c> and <c>nightly_same</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = ["call_ended", "transfer_completed", "transfer_failed", NodeLost];

    /// <summary>How long the receiver may take for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a delivery is tried, hours; after that it is a dead letter. What happened longer ago than that is not told at all.</summary>
    public int GiveUpAfterHours { get; init; } = 72;

    /// <summary>The same as a time.</summary>
    public TimeSpan GiveUpAfter => TimeSpan.FromHours(GiveUpAfterHours);

    /// <summary>How many requests are under way at once, at most.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Those of them that are no events of calls.</summary>
    public static IReadOnlyList<string> KnownBesides { get; } = [NodeLost, TrunkDown.Name, TrunkUp.Name, NightlyNotSame, NightlySame];

    /// <summary>The names that <see cref="Events"/> may have.</summary>
    public static FrozenSet<string> KnownEvents { get; } = CallEventNames.All.Select(e => e.Name).Concat(KnownBesides).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What of the options cannot be used: a property and what is expected of it, without its value.</summary>
    public IEnumerable<(string Property, string Expected)> Problems()
    {
        if (Name.Length > 64 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            yield return (nameof(Name), "expected a name of at most 64 letters, digits, - and _");
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("https" or "http") || Url.UserInfo.Length > 0 || Url.Fragment.Length > 0)
            yield return (nameof(Url), "expected an address such as https://crm.example.com/calls, without user and password: requests are signed");
        if (Secret.Length < LeastSecretLength || KeyOf(Secret) is null)
            yield return (nameof(Secret), $"expected at least {LeastSecretLength} characters, such as openssl rand -base64 32 makes, or whsec_ and base64");
        if (Events.FirstOrDefault(name => !KnownEvents.Contains(name)) is { } unknown)
            yield return (nameof(Events), $"'{PlainText.Of(unknown)}' is none; did you mean {Spelling.Nearest(unknown, KnownEvents) ?? "call_ended"}?");
    }

    /// <summary>The bytes of the secret; null when it begins as base64 and is none.</summary>
    public static byte[]? KeyOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!secret.StartsWith(EncodedSecret, StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(secret);
        byte[] key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[EncodedSecret.Length..], key, out int length) && length > 0 ? key[..length] : null;
    }

    /// <summary>What tells the address from another one, without saying it.</summary>
    public string AddressHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Url.AbsoluteUri)));

    /// <summary>Says no secret.</summary>
    public override string ToString() => $"webhook {Name}";
}
