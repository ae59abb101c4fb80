using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Tests.OpenId;

/// <summary>An OpenID provider on 127.0.0.1 that lets everybody in at once, and can be told to lie.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Client = "eventcalls", Secret = "a secret";

    private readonly WebApplication _app;
    private readonly string _host;
    private readonly RSA _key = RSA.Create(2048), _foreign = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Back)> _codes = [];

    private Provider(string host)
    {
        _host = host;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Issuer,
            end_session_endpoint = EndsSessions ? $"{Issuer}/logout?realm=x" : null,
            authorization_endpoint = $"{Issuer}/authorize",
            token_endpoint = $"{Issuer}/token",
            jwks_uri = $"{Issuer}/jwks",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        _app.MapGet("/jwks", () =>
        {
            var key = _key.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "k1", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } } });
        });
        _app.MapGet("/authorize", (HttpRequest request) =>
        {
            Asked = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
            string code = Guid.NewGuid().ToString("N");
            _codes[code] = (Asked["code_challenge"], Asked["nonce"], Asked["redirect_uri"]);
            return Results.Redirect($"{Asked["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(Asked["state"])}");
        });
        _app.MapGet("/logout", (HttpRequest request) =>
        {
            Ended = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
            return Results.Redirect(Ended["post_logout_redirect_uri"]);
        });
        _app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return _codes.TryRemove(form["code"].ToString(), out var known)
                && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == known.Challenge
                && form["client_id"] == Client && form["client_secret"] == Secret && form["redirect_uri"] == known.Back
                ? Results.Json(new { access_token = "none", token_type = "Bearer", id_token = Token(known.Nonce) })
                : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        });
    }

    public string Issuer => _app.Urls.First().Replace("127.0.0.1", _host, StringComparison.Ordinal);

    /// <summary>What was asked for last.</summary>
    public Dictionary<string, string> Asked { get; private set; } = [];

    /// <summary>Whether it publishes where sessions are ended.</summary>
    public bool EndsSessions { get; init; } = true;

    /// <summary>What it was told when a session was ended last.</summary>
    public Dictionary<string, string> Ended { get; private set; } = [];

    /// <summary>What somebody's groups are.</summary>
    public string[] Groups { get; set; } = ["desk"];

    /// <summary>Changes the claims of the next tokens.</summary>
    public Action<JsonObject> Lie { get; set; } = _ => { };

    /// <summary>How tokens are signed: <c>RS256</c>, <c>foreign</c> by another key, <c>none</c>, or <c>cut off</c>.</summary>
    public string Signs { get; set; } = "RS256";

    /// <param name="host">What it is called; <c>localhost</c> is another site to browsers, as a provider is.</param>
    /// <param name="endsSessions">Whether it publishes where sessions are ended.</param>
    public static async Task<Provider> StartAsync(string host = "127.0.0.1", bool endsSessions = true)
    {
        var provider = new Provider(host) { EndsSessions = endsSessions };
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _foreign.Dispose();
    }

    private string Token(string nonce)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Client,
            ["sub"] = "0815",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = nonce,
            ["preferred_username"] = "anna",
            ["groups"] = new JsonArray([.. Groups.Select(g => (JsonNode)g)]),
        };
        Lie(claims);
        string head = JsonSerializer.Serialize(new { alg = Signs == "none" ? "none" : "RS256", kid = "k1", typ = "JWT" });
        string signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(head))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        byte[] signature = Signs is "none" or "cut off" ? [] : (Signs == "foreign" ? _foreign : _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
