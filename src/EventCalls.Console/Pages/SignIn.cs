using EventCalls.Console.Commands;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Console.Security.OpenId;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Pages;

/// <summary>Lets people in with a key: the browser keeps it where no script and no other site gets at it.</summary>
/// <remarks>There is no session to fix, to steal from memory or to lose at a restart: a key that is revoked ends it everywhere at once.</remarks>
internal static class SignIn
{
    private const int MaxBytes = 4 << 10;

    public static void Map(IEndpointRouteBuilder routes, Access access, OpenIdOptions? openId)
    {
        routes.MapGet(KeyCookie.SignIn, (HttpContext context) => access.IsGuarded
                ? new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
                {
                    [nameof(SignInPage.To)] = LocalAddress.Of(context.Request.Query["to"]),
                    [nameof(SignInPage.WithKeys)] = access.HasKeys,
                    [nameof(SignInPage.Provider)] = openId?.Authority.Host,
                    [nameof(SignInPage.WasRefused)] = context.Request.Query.ContainsKey("refused"),
                })
                : (IResult)Results.Redirect("/"))
            .IsOpen().WithMetadata(new AnyParameters()).ExcludeFromDescription();
        routes.MapPost(KeyCookie.SignIn, async (HttpContext context) =>
            {
                var given = await GivenObject.ReadAsync(context, ConsoleJson.Default.GivenKey).ConfigureAwait(false);
                var caller = access.Known(context, given.Key ?? "");
                KeyCookie.Give(context, given.Key ?? "");
                return PlainJson.Of(new SignedIn(caller.Name), ConsoleJson.Default.SignedIn);
            })
            .IsOpen().Takes().WithMetadata(new TakesBody(ConsoleJson.Default.GivenKey), new RequestSizeLimit(MaxBytes)).ExcludeFromDescription();
        if (openId is not null)
            routes.MapGet(OpenIdSignIn.Begin, (HttpContext context) => OpenIdSignIn.Challenge(context.Request.Query["to"])).IsOpen().WithMetadata(new AnyParameters()).ExcludeFromDescription();
        routes.MapPost("/sign-out", async (HttpContext context) =>
            {
                KeyCookie.Take(context);
                string? to = openId is null ? null : await OpenIdSignIn.EndAsync(context, openId).ConfigureAwait(false);
                return PlainJson.Of(new SignedOut(to ?? KeyCookie.SignIn), ConsoleJson.Default.SignedOut);
            })
            .IsOpen().Takes().ExcludeFromDescription();
    }
}

/// <summary>What somebody signs in with.</summary>
/// <param name="Key">The API key.</param>
internal sealed record GivenKey(string? Key);

/// <summary>Who has signed out here.</summary>
/// <param name="To">Where the browser goes on: to the provider, which has a session too, or to sign in again.</param>
internal sealed record SignedOut(string To);

/// <summary>Who has signed in.</summary>
/// <param name="Name">The name of the key.</param>
internal sealed record SignedIn(string Name);
