using EventCalls.Console.Pages;
using EventCalls.Console.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Security;

/// <summary>Lets people in with a key: the browser keeps it where no script and no other site gets at it.</summary>
/// <remarks>There is no session to fix, to steal from memory or to lose at a restart: a key that is revoked ends it everywhere at once.</remarks>
internal static class SignIn
{
    /// <summary>Where the browser has the key.</summary>
    public const string Cookie = "eventcalls-key";

    private const string Path = "/sign-in";
    private static readonly TimeSpan s_life = TimeSpan.FromHours(12);

    public static void Map(IEndpointRouteBuilder routes, Access access)
    {
        routes.MapGet(Path, (HttpContext context) => access.HasKeys
                ? new RazorComponentResult<SignInPage>(new Dictionary<string, object?> { [nameof(SignInPage.To)] = Local(context.Request.Query["to"]) })
                : (IResult)Results.Redirect("/"))
            .IsOpen().WithMetadata(new AnyParameters()).ExcludeFromDescription();
        routes.MapPost(Path, (GivenKey given, HttpContext context) =>
            {
                var caller = access.Known(context, given.Key ?? "");
                context.Response.Cookies.Append(Cookie, given.Key ?? "", Options(context, s_life));
                return TypedResults.Json(new SignedIn(caller.Name), ConsoleJson.Default.SignedIn);
            })
            .IsOpen().Takes().ExcludeFromDescription();
        routes.MapPost("/sign-out", (HttpContext context) =>
            {
                context.Response.Cookies.Delete(Cookie, Options(context, null));
                return Results.NoContent();
            })
            .IsOpen().Takes().ExcludeFromDescription();
    }

    /// <summary>Where somebody is sent who asks for a page without a key.</summary>
    public static string AddressFor(HttpRequest request) => $"{Path}?to={Uri.EscapeDataString(request.Path + request.QueryString)}";

    /// <summary>The address, when it is one of this site; else the first page.</summary>
    internal static string Local(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && Uri.TryCreate(address, UriKind.Relative, out _) && !address.Any(char.IsControl) ? address : "/";

    private static CookieOptions Options(HttpContext context, TimeSpan? life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        MaxAge = life,
        Path = "/",
        IsEssential = true,
    };
}

/// <summary>What somebody signs in with.</summary>
/// <param name="Key">The API key.</param>
internal sealed record GivenKey(string? Key);

/// <summary>Who has signed in.</summary>
/// <param name="Name">The name of the key.</param>
internal sealed record SignedIn(string Name);
