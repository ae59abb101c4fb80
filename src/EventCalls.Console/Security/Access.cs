using System.Net;
using EventCalls.Console.Problems;
using EventCalls.Console.Security.OpenId;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Security;

/// <summary>Lets in who may: by key, signed in with the organisation's provider, or without both from this machine alone.</summary>
/// <param name="keys">The keys; null when none are configured.</param>
/// <param name="failed">Who sent wrong ones.</param>
/// <param name="people">Whether people sign in with a provider.</param>
/// <param name="origins">Other sites whose pages may use the API, with a key.</param>
internal sealed class Access(KeyRing? keys, FailedKeys failed, bool people = false, AllowedOrigins? origins = null)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether somebody has to say who one is at all; else this machine alone can ask.</summary>
    public bool IsGuarded => keys is not null || people;

    /// <summary>Whether keys open anything.</summary>
    public bool HasKeys => keys is not null;

    /// <summary>Checks a request before its end point is reached; one that says nothing of who may use it is the administrators'.</summary>
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // Without keys any page in a browser of this machine could ask, if a name of its own led here: DNS rebinding.
        if (!IsGuarded && !IsLoopbackName(context.Request.Host.Host))
            throw new ApiProblemException(421, "Misdirected request", $"Without API keys the host must be 127.0.0.1, [::1] or localhost, not '{PlainText.Of(context.Request.Host.Host)}'.");
        if (context.GetEndpoint() is not { } endpoint)
            return next(context);
        var needed = endpoint.Metadata.GetMetadata<NeededScope>();
        bool isForeign = origins?.Has(context.Request) ?? false;
        CheckOrigin(context.Request, isForeign, endpoint.Metadata.GetMetadata<AlsoTakes>()?.MediaType);
        if (needed is { Scope: null })
            return next(context);
        if (IsGuarded && endpoint.Metadata.GetMetadata<Page>() is not null && CallerOf(context) is null)
        {
            // Trying keys by cookie is counted too.
            if (KeyOf(context.Request) is not null && failed.Count(context.Connection.RemoteIpAddress) is { } wait)
                throw TooMany(wait);
            context.Response.Redirect(KeyCookie.AddressFor(context.Request));
            return Task.CompletedTask;
        }
        // What a browser sends by itself counts for nothing from another site's page.
        var caller = isForeign && context.Request.Headers.Authorization.Count == 0 ? throw KeyNeeded() : IsGuarded ? Required(context) : ApiCaller.Loopback;
        if (caller.Scope < (needed?.Scope ?? ApiScope.Administer))
            throw NotAllowed(caller, $"has scope {WireName.Of(caller.Scope)}; this needs {WireName.Of(needed?.Scope ?? ApiScope.Administer)}", $"scope {WireName.Of(needed?.Scope ?? ApiScope.Administer)}", $"{needed?.Scope ?? ApiScope.Administer}");
        if (needed?.Listens == true && !caller.MayListen)
            throw NotAllowed(caller, "may not hear recordings, whatever its scope", "listen", "Listen");
        if (needed?.Monitors == true && !caller.MayMonitor)
            throw NotAllowed(caller, "may not have calls monitored, whatever its scope", "monitor", "Monitor");
        context.Items[typeof(ApiCaller)] = caller;
        if (keys is { } ring && KeyOf(context.Request) is { } used)
            context.Items[typeof(KeyInUse)] = new KeyInUse(() => ring.Find(used) is { } now && now.Scope >= caller.Scope && (now.MayListen || needed?.Listens != true) && (now.MayMonitor || needed?.Monitors != true));
        return next(context);
    }

    /// <summary>Whose key it is.</summary>
    /// <exception cref="ApiProblemException">It is nobody's.</exception>
    public ApiCaller Known(HttpContext context, string key)
    {
        if (!IsGuarded)
            return ApiCaller.Loopback;
        if (keys?.Find(key) is { } caller)
            return caller;
        throw failed.Count(context.Connection.RemoteIpAddress) is { } wait
            ? TooMany(wait)
            : new ApiProblemException(401, "Wrong key", "The API key is unknown or revoked; 'eventcalls keys list' shows those there are.");
    }

    // Programs send their key with each request; a browser has it, or who has signed in, from signing in.
    private static string? KeyOf(HttpRequest request) => request.Headers.Authorization is [var given]
        ? given!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? given[Scheme.Length..].Trim() : ""
        : KeyCookie.Of(request);

    private ApiCaller? CallerOf(HttpContext context) => KeyOf(context.Request) is { } key ? keys?.Find(key) : people ? OpenIdSignIn.CallerOf(context) : null;

    private ApiCaller Required(HttpContext context) =>
        KeyOf(context.Request) is { } key ? Known(context, key) : CallerOf(context) ?? throw KeyNeeded();

    // A key is no help to who has signed in with an account, nor a group to a program.
    private static ApiProblemException NotAllowed(ApiCaller caller, string what, string option, string groups) => new(403, "Not allowed", caller.IsPerson
        ? $"'{PlainText.Of(caller.Name)}' {what}. Who is in a group of Http:OpenId:{groups} may."
        : $"The key '{PlainText.Of(caller.Name)}' {what}. 'eventcalls keys new NAME --{option}' makes one that may.");

    private static ApiProblemException KeyNeeded() => new(401, "Key needed", "Send an API key, Authorization: Bearer ec_…; 'eventcalls keys new' makes one.");

    private static ApiProblemException TooMany(TimeSpan wait) =>
        new(429, "Too many wrong keys", "Too many wrong keys came from your address; wait, or send a right one.") { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) };

    // What a page of another site sends in a browser comes with that site's origin, and cannot be JSON without being asked for first.
    private static void CheckOrigin(HttpRequest request, bool isForeign, string? otherType)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        string? origin = request.Headers.Origin;
        if (origin is not null && !isForeign && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsHost(from, request.Host)))
            throw new ApiProblemException(403, "Foreign origin", $"A page of another site, '{PlainText.Of(origin)}', may not ask this.") { Field = "Origin" };
        if (!isForeign && request.Headers["Sec-Fetch-Site"] is [var site] && site is "cross-site")
            throw new ApiProblemException(403, "Foreign origin", "A page of another site may not ask this.") { Field = "Sec-Fetch-Site" };
        if ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method)) && !request.HasJsonContentType() && !AlsoTakes.Is(request, otherType))
            throw new ApiProblemException(415, "Unsupported content", $"Send JSON, with Content-Type: application/json{(otherType is null ? "" : $", or {otherType}")}.") { Field = "Content-Type" };
    }

    private static bool IsHost(Uri origin, HostString host) =>
        origin.Host.Trim('[', ']').Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && origin.Port == (host.Port ?? (origin.Scheme == "https" ? 443 : 80));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>What an end point needs.</summary>
/// <param name="Scope">What its user's key must be good for; null for nothing, not even a key.</param>
/// <param name="Listens">Whether it gives what was spoken: its user must be one who may listen, too.</param>
/// <param name="Monitors">Whether it has somebody hear calls that are under way: its user must be one who may have that done, too.</param>
internal sealed record NeededScope(ApiScope? Scope, bool Listens = false, bool Monitors = false);

/// <summary>An end point that takes something else beside JSON, which no form of a page of another site can send either.</summary>
/// <param name="MediaType">What it takes.</param>
internal sealed record AlsoTakes(string MediaType)
{
    /// <summary>Whether a request has content of a type.</summary>
    public static bool Is(HttpRequest request, string? mediaType) =>
        mediaType is not null && System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && mediaType.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An end point that people look at: who has no key is shown where to give one.</summary>
internal sealed record Page;

/// <summary>The key that a request came with.</summary>
/// <param name="IsGood">Whether it is still worth what it was.</param>
internal sealed record KeyInUse(Func<bool> IsGood);

/// <summary>How end points say who may use them.</summary>
internal static class AccessOfEndpoints
{
    /// <summary>A key of this scope, or of a higher one, is needed.</summary>
    public static T Needs<T>(this T endpoint, ApiScope scope)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(scope));

    /// <summary>A key that may hear recordings is needed; a scope alone is not enough.</summary>
    public static T NeedsToListen<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(ApiScope.Read, Listens: true));

    /// <summary>A key that may have calls monitored is needed, good for commands too; a scope alone is not enough.</summary>
    public static T NeedsToMonitor<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(ApiScope.Operate, Monitors: true));

    /// <summary>Everybody may, without a key.</summary>
    public static T IsOpen<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(null));

    /// <summary>Whether who asked may go on: an answer that does not end outlives its key otherwise.</summary>
    public static bool MayGoOn(this HttpContext context) => context.Items[typeof(KeyInUse)] is not KeyInUse key || key.IsGood();

    /// <summary>Who asks.</summary>
    public static ApiCaller Caller(this HttpContext context) => (ApiCaller)context.Items[typeof(ApiCaller)]!;
}
