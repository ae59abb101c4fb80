using System.Buffers.Text;
using System.Text.Json;

namespace EventCalls.Routing;

/// <summary>What an Identity header claims of the call (RFC 8224, RFC 8225): its PASSporT, as it was received. <b>The signature is not checked.</b></summary>
public sealed record Passport
{
    private const int MostCharacters = 16_384;

    private Passport()
    {
    }

    /// <summary>How far the signer vouches for the number: <c>A</c>, <c>B</c> or <c>C</c> (RFC 8588 §4); null when it does not say.</summary>
    public string? Attestation { get; init; }

    /// <summary>The caller's number or URI; null when there is none.</summary>
    public string? Originating { get; init; }

    /// <summary>The dialled numbers and URIs.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Whom the call was for before it was diverted (RFC 8946); null when it does not say.</summary>
    public string? Diverted { get; init; }

    /// <summary>When it was signed, UTC.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The signer's own id of where the call came from (RFC 8588 §5); null when there is none.</summary>
    public string? OriginationId { get; init; }

    /// <summary>The kind of PASSporT, such as <c>shaken</c> or <c>div</c>; null for none.</summary>
    public string? Kind { get; init; }

    /// <summary>Where the signer's certificate is; null when it is not said.</summary>
    public string? Certificate { get; init; }

    /// <summary>Reads the value of one Identity header field; null when it holds no PASSporT in full form.</summary>
    public static Passport? Parse(string? value)
    {
        if (value is null or { Length: > MostCharacters })
            return null;
        string token = value.Split(';', 2)[0].Trim();
        var parts = token.Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
            return null;
        try
        {
            return Of(header, claims);
        }
        catch (InvalidOperationException)
        {
            // A text in it is no text: half of a surrogate pair, or no UTF-8.
            return null;
        }
    }

    private static Passport Of(JsonElement header, JsonElement claims) =>
        new()
        {
            Attestation = Text(claims, "attest"),
            Originating = claims.TryGetProperty("orig", out var orig) ? Identities(orig).FirstOrDefault() : null,
            Destinations = claims.TryGetProperty("dest", out var dest) ? [.. Identities(dest)] : [],
            Diverted = claims.TryGetProperty("div", out var div) ? Identities(div).FirstOrDefault() : null,
            IssuedAt = claims.TryGetProperty("iat", out var iat) && iat.ValueKind == JsonValueKind.Number && iat.TryGetInt64(out long seconds) && seconds is > 0 and < 32_503_680_000
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            OriginationId = Text(claims, "origid"),
            Kind = Text(header, "ppt"),
            Certificate = Text(header, "x5u"),
        };

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
    private static IEnumerable<string> Identities(JsonElement identity)
    {
        if (identity.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (string name in (string[])["tn", "uri"])
        {
            if (!identity.TryGetProperty(name, out var value))
                continue;
            if (value.ValueKind == JsonValueKind.String)
                yield return value.GetString()!;
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in value.EnumerateArray())
                {
                    if (one.ValueKind == JsonValueKind.String)
                        yield return one.GetString()!;
                }
            }
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
