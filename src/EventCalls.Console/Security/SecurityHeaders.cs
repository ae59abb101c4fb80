using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Security;

/// <summary>What every answer tells the browser: load nothing from elsewhere, be in nobody's frame, tell nobody where one came from.</summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>Sets them on the answer; what an end point sets itself stays.</summary>
    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.TryAdd("Content-Security-Policy", Policy);
                headers.TryAdd("X-Content-Type-Options", "nosniff");
                headers.TryAdd("X-Frame-Options", "DENY");
                headers.TryAdd("Referrer-Policy", "no-referrer");
                headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
                headers.TryAdd("Cache-Control", "no-store");
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    }
}
