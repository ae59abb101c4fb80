using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Security;

/// <summary>Other sites whose pages may use the API in a browser (CORS): with a key in each request, and never with what the browser keeps.</summary>
internal sealed class AllowedOrigins
{
    private readonly HashSet<string> _origins;

    private AllowedOrigins(HashSet<string> origins) => _origins = origins;

    /// <summary>Those that are configured; null for none.</summary>
    /// <exception cref="ConsoleRefusedException">One is no origin, or there are no keys for them.</exception>
    public static AllowedOrigins? Of(ConsoleOptions options)
    {
        if (options.Origins.Count == 0)
            return null;
        if (options.Keys is null)
            throw new ConsoleRefusedException("EventCalls:Http:Origins is set, and EventCalls:Http:Keys is not; pages of other sites need a key: name a file for keys, or leave the origins out");
        foreach (string origin in options.Origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new ConsoleRefusedException($"EventCalls:Http:Origins has '{origin}'; expected a scheme and a host in small letters, with a port where it is not the usual one and nothing behind it, such as https://board.example.com");
        }
        return new AllowedOrigins([.. options.Origins]);
    }

    /// <summary>Whether a request comes from a page of one of them.</summary>
    public bool Has(HttpRequest request) => request.Path.StartsWithSegments("/api") && request.Headers.Origin is [{ } origin] && _origins.Contains(origin);

    /// <summary>Tells the browser that the page may read the answer, and answers what it asks before.</summary>
    public Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        if (!request.Path.StartsWithSegments("/api"))
            return next(context);
        headers.Vary = "Origin";
        if (!Has(request))
            return next(context);
        headers.AccessControlAllowOrigin = request.Headers.Origin;
        headers.AccessControlExposeHeaders = "Location, Retry-After";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
            return next(context);
        headers.AccessControlAllowMethods = "GET, POST, DELETE";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Idempotency-Key";
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
