using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Security;

/// <summary>The key in a browser: where no script and no other site gets at it.</summary>
internal static class KeyCookie
{
    /// <summary>Where somebody gives it.</summary>
    public const string SignIn = "/sign-in";

    private const string Name = "eventcalls-key";
    private static readonly TimeSpan s_life = TimeSpan.FromHours(12);

    /// <summary>The key that came with a request; null when none did.</summary>
    public static string? Of(HttpRequest request) => request.Cookies[Name];

    /// <summary>Has the browser keep it.</summary>
    public static void Give(HttpContext context, string key) => context.Response.Cookies.Append(Name, key, Options(context, s_life));

    /// <summary>Has the browser forget it.</summary>
    public static void Take(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    /// <summary>Where somebody is sent who asks for a page without a key.</summary>
    public static string AddressFor(HttpRequest request) => $"{SignIn}?to={Uri.EscapeDataString(request.Path + request.QueryString)}";

    private static CookieOptions Options(HttpContext context, TimeSpan? life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // A reverse proxy ends TLS, and the browser says where it is: with the page's origin.
        Secure = context.Request.IsHttps || (context.Request.Headers.Origin is [{ } origin] && origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase)),
        MaxAge = life,
        Path = "/",
        IsEssential = true,
    };
}
