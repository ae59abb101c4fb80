using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventCalls.Console.Security.OpenId;

/// <summary>How people sign in with their organisation's OpenID provider, and what they may do then.</summary>
public sealed record OpenIdOptions
{
    private const string Section = "EventCalls:Http:OpenId";

    /// <summary>The provider's issuer, <c>https</c>; <c>http</c> on this machine only.</summary>
    public required Uri Authority { get; init; }

    /// <summary>What this service is called there.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret there; null for a client without one.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Where people reach this service, as registered there without <c>/sign-in/openid/back</c>; null for what their browser asks for.</summary>
    public Uri? Url { get; init; }

    /// <summary>What else than <c>openid</c> is asked for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["profile"];

    /// <summary>The claim that the audit shows, after <c>openid:</c>: one that people cannot change themselves.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>The claim that says what somebody is, such as groups or roles.</summary>
    public string RoleClaim { get; init; } = "groups";

    /// <summary>The values of the claim that let one see.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    /// <summary>The values that let one also give commands to calls.</summary>
    public IReadOnlyList<string> Operate { get; init; } = [];

    /// <summary>The values that let one change what all calls are routed by.</summary>
    public IReadOnlyList<string> Administer { get; init; } = [];

    /// <summary>The values that let one hear recordings, beside what else one may do.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>The values that let one have calls monitored, beside what else one may do.</summary>
    public IReadOnlyList<string> Monitor { get; init; } = [];

    /// <summary>A folder for the keys that sessions are sealed with, for its owner alone; null keeps them in memory: then a restart signs everybody out.</summary>
    public string? Sessions { get; init; }

    /// <summary>Reads them as the configuration has them, below <c>EventCalls:Http:OpenId</c>.</summary>
    /// <exception cref="ConsoleRefusedException">Something cannot be used; it says what.</exception>
    public static OpenIdOptions Of(JsonNode configured, string folder)
    {
        ArgumentNullException.ThrowIfNull(configured);
        if (configured is not JsonObject given)
            throw new ConsoleRefusedException($"{Section} is no section; expected Authority, ClientId and what somebody may do");
        var left = given.ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);
        var options = new OpenIdOptions
        {
            Authority = Address("Authority") ?? throw Missing("Authority", "the provider's issuer, such as https://login.example.com/realm"),
            ClientId = Text("ClientId") ?? throw Missing("ClientId", "what this service is called at the provider"),
            ClientSecret = Text("ClientSecret"),
            Url = Address("Url"),
            Scopes = List("Scopes") ?? ["profile"],
            NameClaim = Text("NameClaim") ?? "preferred_username",
            RoleClaim = Text("RoleClaim") ?? "groups",
            Read = List("Read") ?? [],
            Operate = List("Operate") ?? [],
            Administer = List("Administer") ?? [],
            Listen = List("Listen") ?? [],
            Monitor = List("Monitor") ?? [],
            Sessions = Text("Sessions") is { } sessions ? Path.GetFullPath(sessions, folder) : null,
        };
        return left.Keys.FirstOrDefault() is { } unknown
            ? throw new ConsoleRefusedException($"{Section}:{unknown} is not a key of this program; there are Authority, ClientId, ClientSecret, Url, Scopes, NameClaim, RoleClaim, Read, Operate, Administer, Listen, Monitor and Sessions")
            : options;

        string? Text(string name) => left.Remove(name, out var value) && value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is { Length: > 0 } found ? found : null;

        IReadOnlyList<string>? List(string name)
        {
            left.Remove(name, out var value);
            return value switch
            {
                JsonArray all => [.. all.OfType<JsonValue>().Select(v => v.ToString())],
                JsonValue text => text.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                _ => null,
            };
        }

        Uri? Address(string name) => Text(name) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
            : throw new ConsoleRefusedException($"{Section}:{name} is '{text}'; expected an https URL");

        static ConsoleRefusedException Missing(string name, string expected) => new($"{Section}:{name} is not set; expected {expected}");
    }

    /// <summary>Checks them against where is listened.</summary>
    /// <exception cref="ConsoleRefusedException">Nobody could sign in, or not safely.</exception>
    internal void Check(IPEndPoint endPoint)
    {
        if (Authority.Scheme != Uri.UriSchemeHttps && !IsHere(Authority))
            throw new ConsoleRefusedException($"{Section}:Authority is '{Authority}'; expected https: what the provider says is believed");
        if (Url is null && !IPAddress.IsLoopback(endPoint.Address))
            throw new ConsoleRefusedException($"{Section}:Url is not set; give the address where people reach the console, such as https://calls.example.com: the provider sends them back there");
        if (Url is { } url && (url.AbsolutePath != "/" || (url.Scheme != Uri.UriSchemeHttps && !IsHere(url))))
            throw new ConsoleRefusedException($"{Section}:Url is '{url}'; expected https and no path: sessions do not go over the network in the clear");
        if (Read.Count + Operate.Count + Administer.Count == 0)
            throw new ConsoleRefusedException($"{Section}: nobody may do anything; name values of the claim '{RoleClaim}' in Read, Operate or Administer");
    }

    /// <summary>Whether an address is this machine's.</summary>
    internal static bool IsHere(Uri address) => address.IsLoopback && address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Whether somebody with these values of the claim may hear recordings.</summary>
    internal bool LetsListen(IReadOnlyCollection<string> roles) => roles.Any(Listen.Contains);

    /// <summary>Whether somebody with these values of the claim may have calls monitored.</summary>
    internal bool LetsMonitor(IReadOnlyCollection<string> roles) => roles.Any(Monitor.Contains);

    /// <summary>What somebody with these values of the claim may do; null for nothing.</summary>
    internal ApiScope? ScopeOf(IReadOnlyCollection<string> roles) =>
        roles.Any(Administer.Contains) ? ApiScope.Administer
        : roles.Any(Operate.Contains) ? ApiScope.Operate
        : roles.Any(Read.Contains) ? ApiScope.Read
        : null;
}
