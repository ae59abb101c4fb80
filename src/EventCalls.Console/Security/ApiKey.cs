using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace EventCalls.Console.Security;

/// <summary>What the holder of a key may do; each includes those before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiScope>))]
public enum ApiScope
{
    /// <summary>See calls, logic, nodes and figures.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Give commands to calls.</summary>
    [JsonStringEnumMemberName("operate")]
    Operate,

    /// <summary>Change what all calls are routed by.</summary>
    [JsonStringEnumMemberName("administer")]
    Administer,
}

/// <summary>An API key as it is kept: who has it, what it may do, and a hash by which it is known again.</summary>
/// <remarks>
/// The hash is plain SHA-256. A slow hash with salt keeps what people think of from being guessed; a key is 256 random bits that nobody
/// can guess, and looking one up must cost nothing, because whoever has none may ask as often as one likes.
/// </remarks>
/// <param name="Name">Whose it is, as the audit shows it.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Sha256">The hash of the key, 64 hex digits.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="RevokedAt">Since when it is worth nothing, UTC; null while it is.</param>
public sealed record ApiKey(string Name, ApiScope Scope, string Sha256, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt = null)
{
    /// <summary>Whether its holder may hear recordings, which no scope includes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Listen { get; init; }

    /// <summary>Whether its holder may have somebody hear calls that are under way, which no scope includes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Monitor { get; init; }

    /// <summary>The most characters of a name.</summary>
    public const int MaxName = 64;

    // By which scanners for secrets, and people, know what it is.
    private const string Prefix = "ec_";

    /// <summary>Makes a key: what its holder gets, which is kept nowhere, and what is kept of it.</summary>
    public static (string Token, ApiKey Key) Make(string name, ApiScope scope, DateTimeOffset now, bool listen = false, bool monitor = false)
    {
        string token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (token, new ApiKey(name, scope, HashOf(token), now) { Listen = listen, Monitor = monitor });
    }

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? NameError(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is 0 or > MaxName || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '@'))
            ? $"expected 1 to {MaxName} letters, digits, '-', '.', '_' and '@'"
            : null;
    }

    /// <summary>The hash of a key.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
