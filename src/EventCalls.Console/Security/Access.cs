using System.Net;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Security;

/// <summary>Lets in who may: by key, or without keys from this machine alone.</summary>
/// <param name="keys">The keys; null when none are configured, and only this machine can ask.</param>
/// <param name="failed">Who sent wrong ones.</param>
internal sealed class Access(KeyRing? keys, FailedKeys failed)
{
    private const string Scheme = "Bearer ";

    /// <summary>Checks a request before its end point is reached; one that says nothing of who may use it is the administrators'.</summary>
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // Without keys any page in a browser of this machine could ask, if a name of its own led here: DNS rebinding.
        if (keys is null && !IsLoopbackName(context.Request.Host.Host))
            throw new ApiProblemException(421, "Misdirected request", $"Without API keys the host must be 127.0.0.1, [::1] or localhost, not '{PlainText.Of(context.Request.Host.Host)}'.");
        if (context.GetEndpoint() is not { } endpoint)
            return next(context);
        var needed = endpoint.Metadata.GetMetadata<NeededScope>();
        CheckOrigin(context.Request, endpoint.Metadata.GetMetadata<AlsoTakes>()?.MediaType);
        if (needed is { Scope: null })
            return next(context);
        if (keys is not null && endpoint.Metadata.GetMetadata<Page>() is not null && KeyOf(context.Request) is var key && (key is null || keys.Find(key) is null))
        {
            if (key is not null && failed.Count(context.Connection.RemoteIpAddress) is not null)
                Known(context, keys, key);
            context.Response.Redirect(KeyCookie.AddressFor(context.Request));
            return Task.CompletedTask;
        }
        var caller = keys is null ? ApiCaller.Loopback : Known(context, keys);
        if (caller.Scope < (needed?.Scope ?? ApiScope.Administer))
            throw new ApiProblemException(403, "Not allowed", $"The key '{caller.Name}' has scope {WireName.Of(caller.Scope)}; this needs {WireName.Of(needed?.Scope ?? ApiScope.Administer)}. 'eventcalls keys new' makes one.");
        context.Items[typeof(ApiCaller)] = caller;
        return next(context);
    }

    /// <summary>Whether somebody has to sign in at all.</summary>
    public bool HasKeys => keys is not null;

    private ApiCaller Known(HttpContext context, KeyRing ring) => Known(context, ring, KeyOf(context.Request));

    /// <summary>Whose key it is.</summary>
    /// <exception cref="ApiProblemException">It is nobody's.</exception>
    public ApiCaller Known(HttpContext context, string key) => keys is null ? ApiCaller.Loopback : Known(context, keys, key);

    // Programs send their key with each request; a browser has it from signing in.
    private static string? KeyOf(HttpRequest request) => request.Headers.Authorization is [var given]
        ? given!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? given[Scheme.Length..].Trim() : ""
        : KeyCookie.Of(request);

    private ApiCaller Known(HttpContext context, KeyRing ring, string? key)
    {
        if (key is null)
            throw new ApiProblemException(401, "Key needed", "Send an API key, Authorization: Bearer ec_…; 'eventcalls keys new' makes one.");
        if (ring.Find(key) is { } caller)
            return caller;
        if (failed.Count(context.Connection.RemoteIpAddress) is { } wait)
            throw new ApiProblemException(429, "Too many wrong keys", "Too many wrong keys came from your address; wait, or send a right one.") { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) };
        throw new ApiProblemException(401, "Wrong key", "The API key is unknown or revoked; 'eventcalls keys list' shows those there are.");
    }

    // What a page of another site sends in a browser comes with that site's origin, and cannot be JSON without being asked for first.
    private static void CheckOrigin(HttpRequest request, string? otherType)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        string? origin = request.Headers.Origin;
        if (origin is not null && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsHost(from, request.Host)))
            throw new ApiProblemException(403, "Foreign origin", $"A page of another site, '{PlainText.Of(origin)}', may not ask this.") { Field = "Origin" };
        if (request.Headers["Sec-Fetch-Site"] is [var site] && site is "cross-site")
            throw new ApiProblemException(403, "Foreign origin", "A page of another site may not ask this.") { Field = "Sec-Fetch-Site" };
        if (HttpMethods.IsPost(request.Method) && !request.HasJsonContentType() && !AlsoTakes.Is(request, otherType))
            throw new ApiProblemException(415, "Unsupported content", $"Send JSON, with Content-Type: application/json{(otherType is null ? "" : $", or {otherType}")}.") { Field = "Content-Type" };
    }

    private static bool IsHost(Uri origin, HostString host) =>
        origin.Host.Trim('[', ']').Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && origin.Port == (host.Port ?? (origin.Scheme == "https" ? 443 : 80));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>What an end point needs.</summary>
/// <param name="Scope">What its user's key must be good for; null for nothing, not even a key.</param>
internal sealed record NeededScope(ApiScope? Scope);

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

/// <summary>How end points say who may use them.</summary>
internal static class AccessOfEndpoints
{
    /// <summary>A key of this scope, or of a higher one, is needed.</summary>
    public static T Needs<T>(this T endpoint, ApiScope scope)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(scope));

    /// <summary>Everybody may, without a key.</summary>
    public static T IsOpen<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededScope(null));

    /// <summary>Who asks.</summary>
    public static ApiCaller Caller(this HttpContext context) => (ApiCaller)context.Items[typeof(ApiCaller)]!;
}
