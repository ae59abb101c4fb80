using System.Security.Claims;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EventCalls.Console.Security.OpenId;

/// <summary>Lets people in whom their organisation's OpenID provider vouches for: code flow with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 7636), then a sealed cookie.</summary>
internal static partial class OpenIdSignIn
{
    /// <summary>The scheme of who has signed in.</summary>
    public const string Cookie = "openid";

    /// <summary>Where somebody begins.</summary>
    public const string Begin = "/sign-in/openid";

    private const string Provider = "openid-provider";
    private const string Back = Begin + "/back";
    private const string Scope = "scope";
    private const string Listens = "listens";
    private const string Monitors = "monitors";
    private const string NamePrefix = "openid:";

    // Larger ones would not go along with every request; the provider then asks who is to be signed out.
    private const int LongestIdToken = 3000;

    // What somebody may do was true when one signed in: after a working day it is asked again.
    private static readonly TimeSpan s_session = TimeSpan.FromHours(8);

    public static void Add(IServiceCollection services, OpenIdOptions options, TimeProvider time)
    {
        var sealing = services.AddDataProtection().SetApplicationName("eventcalls");
        if (options.Sessions is { } folder)
            sealing.PersistKeysToFileSystem(Directory.CreateDirectory(folder));
        else
            sealing.UseEphemeralDataProtectionProvider();
        bool isSecure = options.Url?.Scheme == Uri.UriSchemeHttps;
        services.AddAuthentication(Cookie)
            .AddCookie(Cookie, cookie =>
            {
                cookie.TimeProvider = time;
                Guard(cookie.Cookie, isSecure);
                cookie.Cookie.Name = "eventcalls-person";
                cookie.ExpireTimeSpan = s_session;
                cookie.SlidingExpiration = false;
                cookie.LoginPath = KeyCookie.SignIn;
                // Who is let in where is for Access to say.
                cookie.Events.OnRedirectToLogin = cookie.Events.OnRedirectToAccessDenied = static _ => Task.CompletedTask;
            })
            .AddOpenIdConnect(Provider, connect => Configure(connect, options, isSecure, time));
    }

    /// <summary>Sends somebody to the provider, who comes back to this address of ours.</summary>
    public static IResult Challenge(string? to) => Results.Challenge(new AuthenticationProperties { RedirectUri = LocalAddress.Of(to) }, [Provider]);

    /// <summary>Who has signed in; null for nobody.</summary>
    public static ApiCaller? CallerOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, Name: { } name } && WireName.TryParse<ApiScope>(context.User.FindFirstValue(Scope), out var scope)
            ? new ApiCaller(name, scope) { IsPerson = true, MayListen = context.User.HasClaim(Listens, ""), MayMonitor = context.User.HasClaim(Monitors, "") }
            : null;

    /// <summary>
    /// Ends the session here, and says where the browser ends the one at the provider, which sends it back to be signed in (OpenID Connect RP-Initiated Logout 1.0 §2);
    /// null for who has no session with the provider, and where it publishes no such address or cannot be asked.
    /// </summary>
    public static async Task<string?> EndAsync(HttpContext context, OpenIdOptions options)
    {
        var session = await context.AuthenticateAsync(Cookie).ConfigureAwait(false);
        await context.SignOutAsync(Cookie).ConfigureAwait(false);
        if (!session.Succeeded || await EndSessionAddressAsync(context).ConfigureAwait(false) is not { } address)
            return null;
        return new OpenIdConnectMessage
        {
            IssuerAddress = address,
            ClientId = options.ClientId,
            IdTokenHint = session.Properties.GetTokenValue(OpenIdConnectParameterNames.IdToken),
            PostLogoutRedirectUri = new Uri(options.Url ?? new Uri($"{context.Request.Scheme}://{context.Request.Host}"), KeyCookie.SignIn).ToString(),
        }.CreateLogoutRequestUrl();
    }

    private static async Task<string?> EndSessionAddressAsync(HttpContext context)
    {
        var connect = context.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(Provider);
        try
        {
            var provider = await connect.ConfigurationManager!.GetConfigurationAsync(context.RequestAborted).ConfigureAwait(false);
            return Uri.TryCreate(provider.EndSessionEndpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || OpenIdOptions.IsHere(address)) ? address.AbsoluteUri : null;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            // It is away: whoever signs out is signed out here all the same.
            return null;
        }
    }

    private static void Configure(OpenIdConnectOptions connect, OpenIdOptions options, bool isSecure, TimeProvider time)
    {
        connect.TimeProvider = time;
        connect.SignInScheme = Cookie;
        connect.Authority = options.Authority.ToString();
        connect.ClientId = options.ClientId;
        connect.ClientSecret = options.ClientSecret;
        connect.RequireHttpsMetadata = !OpenIdOptions.IsHere(options.Authority);
        connect.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as an address, so that its cookies need not go along with foreign forms.
        connect.ResponseMode = OpenIdConnectResponseMode.Query;
        connect.UsePkce = true;
        connect.CallbackPath = Back;
        connect.SignedOutCallbackPath = Begin + "/out";
        connect.RemoteSignOutPath = Begin + "/away";
        connect.MapInboundClaims = false;
        connect.SaveTokens = false;
        connect.DisableTelemetry = true;
        connect.TokenValidationParameters = new TokenValidationParameters { NameClaimType = options.NameClaim, ValidAudience = options.ClientId, ClockSkew = TimeSpan.FromMinutes(1) };
        connect.Scope.Clear();
        foreach (string scope in options.Scopes.Prepend("openid").Distinct(StringComparer.Ordinal))
            connect.Scope.Add(scope);
        Guard(connect.CorrelationCookie, isSecure);
        Guard(connect.NonceCookie, isSecure);
        connect.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                if (options.Url is { } url)
                    context.ProtocolMessage.RedirectUri = new Uri(url, Back).ToString();
                return Task.CompletedTask;
            },
            OnTokenValidated = context => TakeAsync(context, options),
            OnRemoteFailure = RefuseAsync,
        };
    }

    private static Task TakeAsync(TokenValidatedContext context, OpenIdOptions options)
    {
        // OpenID Connect Core 1.0 §3.1.3.7 lets a client do without the signature in the code flow, and so does the library; here it has to be there.
        if (context.SecurityToken.RawSignature is null or "")
        {
            context.Fail("The token is not signed.");
            return Task.CompletedTask;
        }
        var claims = context.Principal!;
        string? name = claims.FindFirstValue(options.NameClaim) ?? claims.FindFirstValue("sub");
        string[] roles = [.. claims.FindAll(options.RoleClaim).Select(c => c.Value)];
        if (name is null || options.ScopeOf(roles) is not { } scope)
        {
            context.Fail($"'{PlainText.Of(name ?? "nobody")}' has no value of the claim '{options.RoleClaim}' that lets one do anything here.");
            return Task.CompletedTask;
        }
        // Of all that the provider said this is what is needed, and what the cookie holds; the token is shown to the provider when somebody signs out, and to nobody else.
        if (context.SecurityToken.RawData is { Length: <= LongestIdToken } token)
            context.Properties!.StoreTokens([new AuthenticationToken { Name = OpenIdConnectParameterNames.IdToken, Value = token }]);
        name = PlainText.Of(name.Length > ApiKey.MaxName ? name[..ApiKey.MaxName] : name);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, NamePrefix + name), new Claim(Scope, WireName.Of(scope)), .. RightsOf(roles, options)], Cookie));
        return Task.CompletedTask;
    }

    private static IEnumerable<Claim> RightsOf(string[] roles, OpenIdOptions options)
    {
        if (options.LetsListen(roles))
            yield return new Claim(Listens, "");
        if (options.LetsMonitor(roles))
            yield return new Claim(Monitors, "");
    }

    // What is wrong is for the log: whoever forged an answer learns nothing.
    private static Task RefuseAsync(RemoteFailureContext context)
    {
        LogRefused(context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<ConsoleServer>(), PlainText.Of(context.Failure?.Message ?? "no reason given"));
        context.Response.Redirect($"{KeyCookie.SignIn}?refused=1");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    // Lax: the provider's answer and what follows it come from another site; what changes something is checked for its origin.
    private static void Guard(CookieBuilder cookie, bool isSecure)
    {
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody who came back from the OpenID provider was not let in: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
