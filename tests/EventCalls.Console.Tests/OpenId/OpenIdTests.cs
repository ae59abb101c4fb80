using System.Net;
using System.Text.Json.Nodes;
using EventCalls.Console.Security;
using EventCalls.Console.Security.OpenId;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Console.Tests.OpenId;

public sealed class OpenIdTests
{
    [Fact]
    public async Task Who_the_provider_vouches_for_gets_the_page_that_was_asked_for_and_the_scope_of_the_group()
    {
        await using var provider = await Provider.StartAsync();
        await using var console = await StartAsync(provider);
        using var browser = new Person(console);
        using (var page = await browser.GetAsync("/calls?caller=1"))
            Assert.Equal("/sign-in?to=%2Fcalls%3Fcaller%3D1", page.Headers.Location!.OriginalString);

        using var signedIn = await browser.SignInAsync("/calls?caller=1");
        Assert.Equal("/calls?caller=1", signedIn.Headers.Location!.OriginalString);
        Assert.Equal(("code", "S256", "openid profile", $"{console.Address}sign-in/openid/back"), (provider.Asked["response_type"], provider.Asked["code_challenge_method"], provider.Asked["scope"], provider.Asked["redirect_uri"]));
        Assert.Contains("openid:anna", await browser.TextAsync("/calls"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await browser.PostAsync("/api/calls/x/hangup"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.PostAsync("/api/logic/roll-back"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.PostAsync("/api/calls/x/hangup", "https://evil.example"));

        Assert.Equal(HttpStatusCode.OK, await browser.PostAsync("/sign-out"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.PostAsync("/api/calls/x/hangup"));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("large token")]
    [InlineData("no address")]
    [InlineData("nobody")]
    [InlineData("away")]
    public async Task Signing_out_ends_the_session_here_and_names_where_the_provider_s_ends(string which)
    {
        var provider = await Provider.StartAsync(endsSessions: which != "no address");
        try
        {
            provider.Groups = which == "large token" ? ["desk", .. Enumerable.Range(0, 200).Select(n => $"a group of many {n}")] : ["desk"];
            await using var console = await StartAsync(provider);
            using var browser = new Person(console);
            if (which != "nobody")
            {
                using var signedIn = await browser.SignInAsync("/calls");
                await browser.TextAsync("/calls");
            }
            if (which == "away")
                await provider.DisposeAsync();

            var to = new Uri(console.Address, await browser.SignOutAsync());

            if (which is "no address" or "nobody")
            {
                Assert.Equal(new Uri(console.Address, "/sign-in"), to);
            }
            else
            {
                var asked = System.Web.HttpUtility.ParseQueryString(to.Query);
                Assert.Equal((Provider.Client, $"{console.Address}sign-in", "x"), (asked["client_id"], asked["post_logout_redirect_uri"], asked["realm"]));
                Assert.Equal(which == "large token", asked["id_token_hint"] is null);
            }
            using var after = await browser.GetAsync("/calls");
            Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        }
        finally
        {
            if (which != "away")
                await provider.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("expired")]
    [InlineData("not yet")]
    [InlineData("foreign key")]
    [InlineData("unsigned")]
    [InlineData("cut off")]
    [InlineData("no nonce")]
    [InlineData("no group")]
    [InlineData("another group")]
    public async Task A_token_that_is_not_what_it_should_be_lets_nobody_in(string lie)
    {
        await using var provider = await Provider.StartAsync();
        await using var console = await StartAsync(provider);
        provider.Signs = lie switch { "foreign key" => "foreign", "unsigned" => "none", "cut off" => "cut off", _ => "RS256" };
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        provider.Lie = claims =>
        {
            var (name, value) = lie switch
            {
                "nonce" => ("nonce", (JsonNode?)"another"),
                "audience" => ("aud", "another"),
                "issuer" => ("iss", "https://evil.example"),
                "expired" => ("exp", now - 3600),
                "not yet" => ("nbf", now + 3600),
                "another group" => ("groups", new JsonArray("cleaning")),
                _ => ("x", "y"),
            };
            claims[name] = value;
            if (lie.StartsWith("no ", StringComparison.Ordinal))
                claims.Remove(lie == "no group" ? "groups" : "nonce");
        };
        using var browser = new Person(console);
        using var refused = await browser.SignInAsync("/calls");
        Assert.Equal("/sign-in?refused=1", refused.Headers.Location!.OriginalString);
        using var page = await browser.GetAsync("/calls");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Contains("You were not let in", await browser.TextAsync("/sign-in?refused=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_lets_nobody_in()
    {
        await using var provider = await Provider.StartAsync();
        await using var console = await StartAsync(provider);
        using var attacker = new Person(console);
        using var victim = new Person(console);
        // The attacker's own answer, put into the victim's browser: who works there would work as the attacker.
        string back = await attacker.AnswerAsync("/calls");
        foreach (string address in (string[])[back, "/sign-in/openid/back?code=x", "/sign-in/openid/back?code=x&state=forged", "/sign-in/openid/back"])
        {
            using var refused = await victim.GetAsync(address);
            Assert.Equal("/sign-in?refused=1", refused.Headers.Location!.OriginalString);
        }
        using (var own = await attacker.GetAsync(back))
            Assert.Equal("/calls", own.Headers.Location!.OriginalString);
        using var again = await attacker.GetAsync(back);
        Assert.Equal("/sign-in?refused=1", again.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task After_signing_in_nobody_is_sent_to_another_site(string to)
    {
        await using var provider = await Provider.StartAsync();
        await using var console = await StartAsync(provider);
        using var browser = new Person(console);
        using var signedIn = await browser.SignInAsync(to);
        Assert.Equal("/", signedIn.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_session_is_sealed_out_of_reach_of_scripts_and_ends_with_the_working_day()
    {
        await using var provider = await Provider.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var console = await StartAsync(provider, time);
        using var browser = new Person(console);
        using var signedIn = await browser.SignInAsync("/calls");
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("eventcalls-person=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("anna", cookie, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(7.9));
        await browser.TextAsync("/calls");
        time.Advance(TimeSpan.FromHours(0.2));
        using var after = await browser.GetAsync("/calls");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/api/calls");
        forged.Headers.Add("Cookie", "eventcalls-person=CfDJ8forged");
        await console.Client.ProblemAsync(forged, 401);
    }

    [Fact]
    public async Task Keys_go_on_beside_it()
    {
        await using var provider = await Provider.StartAsync();
        using var keys = new Keys();
        string key = keys.New("board", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path, OpenId = Options(provider.Issuer) });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/calls") { Headers = { Authorization = new("Bearer", key) } };
        using var answer = await console.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var browser = new Person(console);
        using var signedIn = await browser.SignInAsync("/calls");
        await browser.TextAsync("/calls");
    }

    [Theory]
    [InlineData("""{"ClientId": "c", "Read": "a"}""", "Authority is not set")]
    [InlineData("""{"Authority": "https://x.example", "Read": "a"}""", "ClientId is not set")]
    [InlineData("""{"Authority": "http://x.example", "ClientId": "c", "Read": "a"}""", "expected https")]
    [InlineData("""{"Authority": "nonsense", "ClientId": "c", "Read": "a"}""", "expected an https URL")]
    [InlineData("""{"Authority": "https://x.example", "ClientId": "c"}""", "nobody may do anything")]
    [InlineData("""{"Authority": "https://x.example", "ClientId": "c", "Read": "a", "Url": "http://calls.example"}""", "expected https and no path")]
    [InlineData("""{"Authority": "https://x.example", "ClientId": "c", "Read": "a", "Grups": "x"}""", "Grups is not a key")]
    public async Task What_cannot_be_or_is_not_safe_is_refused_by_name(string configured, string says)
    {
        var refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { OpenId = OpenIdOptions.Of(JsonNode.Parse(configured)!, "/") }));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("EventCalls:Http:OpenId", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_others_reach_it_the_address_of_people_has_to_be_known()
    {
        var options = OpenIdOptions.Of(JsonNode.Parse("""{"authority": "https://x.example", "clientId": "c", "administer": ["a", "b"], "read": "c, d"}""")!, "/");
        Assert.Equal((ApiScope.Administer, ApiScope.Read, (ApiScope?)null), (options.ScopeOf(["d", "b"]), options.ScopeOf(["d"]), options.ScopeOf(["x"])));
        var refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Listen = new Uri("http://0.0.0.0:0"), OpenId = options }));
        Assert.Contains("EventCalls:Http:OpenId:Url", refused.Message, StringComparison.Ordinal);
    }

    private static OpenIdOptions Options(string authority) => new()
    {
        Authority = new Uri(authority),
        ClientId = Provider.Client,
        ClientSecret = Provider.Secret,
        Read = ["wallboard"],
        Operate = ["desk"],
    };

    internal static Task<ServedStore> StartAsync(Provider provider, TimeProvider? time = null) => ServedStore.StartAsync(o => o with { OpenId = Options(provider.Issuer) }, time: time);

    /// <summary>Somebody's browser, as far as signing in is concerned.</summary>
    private sealed class Person(ServedStore console) : IDisposable
    {
        private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = console.Address };

        public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path);

        public async Task<string> TextAsync(string path)
        {
            using var answer = await _client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }

        /// <summary>Where the provider sends one back to.</summary>
        public async Task<string> AnswerAsync(string to)
        {
            using var begun = await _client.GetAsync($"/sign-in/openid?to={Uri.EscapeDataString(to)}");
            Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
            using var vouched = await _client.GetAsync(begun.Headers.Location);
            return vouched.Headers.Location!.AbsoluteUri;
        }

        public async Task<HttpResponseMessage> SignInAsync(string to) => await _client.GetAsync(await AnswerAsync(to));

        public async Task<HttpStatusCode> PostAsync(string path, string? origin = null)
        {
            using var request = Answers.Post(path, "{}");
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await _client.SendAsync(request);
            return answer.StatusCode;
        }

        /// <summary>Where one goes on then.</summary>
        public async Task<string> SignOutAsync()
        {
            using var request = Answers.Post("/sign-out", "{}");
            using var answer = await _client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["to"]!.GetValue<string>();
        }

        public void Dispose() => _client.Dispose();
    }
}
