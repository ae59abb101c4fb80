using System.Buffers.Text;
using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>A PASSporT in full form as it is written (RFC 8225): what it says, none of which is checked here.</summary>
public sealed class PassportToken
{
    private const int MostCharacters = 16_384;

    private PassportToken(string signed, string signature, JsonElement header, JsonElement claims)
    {
        Signed = signed;
        Signature = signature;
        Algorithm = Text(header, "alg");
        Type = Text(header, "typ");
        Kind = Text(header, "ppt");
        Certificate = Text(header, "x5u");
        Attestation = Text(claims, "attest");
        OriginationId = Text(claims, "origid");
        Originating = Identities(claims, "orig");
        Destinations = Identities(claims, "dest");
        Diverted = Identities(claims, "div");
        IssuedAt = claims.TryGetProperty("iat", out var iat) && iat.ValueKind == JsonValueKind.Number && iat.TryGetInt64(out long seconds) && seconds is > 0 and < 32_503_680_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    /// <summary>What the signature is over: header and claims as they are encoded.</summary>
    public string Signed { get; }

    /// <summary>The signature as it is encoded.</summary>
    public string Signature { get; }

    /// <summary><c>alg</c>; null when there is none.</summary>
    public string? Algorithm { get; }

    /// <summary><c>typ</c>; null when there is none.</summary>
    public string? Type { get; }

    /// <summary><c>ppt</c>; null when there is none.</summary>
    public string? Kind { get; }

    /// <summary><c>x5u</c>; null when there is none.</summary>
    public string? Certificate { get; }

    /// <summary><c>attest</c> (RFC 8588 §4); null when there is none.</summary>
    public string? Attestation { get; }

    /// <summary><c>origid</c> (RFC 8588 §5); null when there is none.</summary>
    public string? OriginationId { get; }

    /// <summary>The numbers and URIs of <c>orig</c>.</summary>
    public IReadOnlyList<string> Originating { get; }

    /// <summary>The numbers and URIs of <c>dest</c>.</summary>
    public IReadOnlyList<string> Destinations { get; }

    /// <summary>The numbers and URIs of <c>div</c> (RFC 8946 §4).</summary>
    public IReadOnlyList<string> Diverted { get; }

    /// <summary><c>iat</c>, UTC; null when there is none.</summary>
    public DateTimeOffset? IssuedAt { get; }

    /// <summary>Reads the value of one Identity header field, or a token alone; null when it holds no PASSporT in full form.</summary>
    public static PassportToken? Parse(string? value)
    {
        if (value is null or { Length: > MostCharacters })
            return null;
        string token = value.Split(';', 2)[0].Trim();
        var parts = token.Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
            return null;
        try
        {
            return new PassportToken(token[..(parts[0].Length + 1 + parts[1].Length)], parts[2], header, claims);
        }
        catch (InvalidOperationException)
        {
            // A text in it is no text: half of a surrogate pair, or no UTF-8.
            return null;
        }
    }

    private static JsonElement? Json(string part)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The <c>tn</c> and <c>uri</c> of an identity, one or many of each (RFC 8225 §5.2.1).</summary>
    private static List<string> Identities(JsonElement claims, string claim)
    {
        var found = new List<string>();
        if (!claims.TryGetProperty(claim, out var identity) || identity.ValueKind != JsonValueKind.Object)
            return found;
        foreach (string name in (string[])["tn", "uri"])
        {
            if (!identity.TryGetProperty(name, out var value))
                continue;
            if (value.ValueKind == JsonValueKind.String)
            {
                found.Add(value.GetString()!);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in value.EnumerateArray())
                {
                    if (one.ValueKind == JsonValueKind.String)
                        found.Add(one.GetString()!);
                }
            }
        }
        return found;
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
