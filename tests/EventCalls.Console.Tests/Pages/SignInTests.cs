using System.Net;
using System.Net.Http.Json;
using EventCalls.Console.Security;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class SignInTests(Browser browser)
{
    [Fact]
    public async Task Who_has_no_key_is_asked_for_one_and_then_gets_the_page_that_was_asked_for()
    {
        using var keys = new Keys();
        string token = keys.New("anna", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        await using var tab = await browser.OpenAsync(console.Address, "/calls?caller=%2B1555");

        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        await tab.Page.Locator("input[name=key]").FillAsync("ec_wrong");
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#refused")).ToContainTextAsync("unknown or revoked");
        await tab.Page.Locator("input[name=key]").FillAsync(token);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(console.Address, "/calls?caller=%2B1555").ToString());
        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("anna");
        Assert.Equal("", await tab.Page.EvaluateAsync<string>("document.cookie"));

        await tab.Page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        await tab.Page.GotoAsync("/calls");
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
    }

    [Fact]
    public async Task A_key_that_is_revoked_opens_nothing_from_the_next_click_on()
    {
        using var keys = new Keys();
        string token = keys.New("anna", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        using var client = Client(console);
        using (var signedIn = await client.PostAsJsonAsync("/sign-in", new { key = token }))
            Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        using (var page = await client.GetAsync("/calls"))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        keys.File.Change(all => [.. all.Select(key => key with { RevokedAt = DateTimeOffset.UnixEpoch })]);

        using var after = await client.GetAsync("/calls");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.Equal("/sign-in?to=%2Fcalls", after.Headers.Location!.OriginalString);
        using var api = await client.GetAsync("/api/calls");
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites_and_who_only_reads_is_offered_no_steering()
    {
        using var keys = new Keys();
        string token = keys.New("anna", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        await console.AppendAsync(RecordedCalls.Open().Events);
        using var client = Client(console);
        using var signedIn = await client.PostAsJsonAsync("/sign-in", new { key = token });

        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        string page = await client.GetStringAsync($"/calls/{RecordedCalls.Open().Id:D}");
        Assert.DoesNotContain("id=\"handoff\"", page, StringComparison.Ordinal);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = JsonContent.Create(new { key = token }) };
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await client.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_the_cookie_goes_over_TLS_alone()
    {
        using var keys = new Keys();
        string token = keys.New("anna", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        using var client = Client(console);
        using var fromPage = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = JsonContent.Create(new { key = token }) };
        fromPage.Headers.Host = "calls.example.com";
        fromPage.Headers.Add("Origin", "https://calls.example.com");
        using var signedIn = await client.SendAsync(fromPage);

        Assert.Contains("; secure", signedIn.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Trying_keys_is_slowed_down_by_form_and_by_cookie()
    {
        using var keys = new Keys();
        keys.New("anna", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        using var client = Client(console);
        var answers = new List<HttpStatusCode>();
        for (int i = 0; i < 12; i++)
        {
            using var answer = await client.PostAsJsonAsync("/sign-in", new { key = $"ec_guess{i}" });
            answers.Add(answer.StatusCode);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
        request.Headers.Add("Cookie", "eventcalls-key=ec_guess");
        using var byCookie = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.TooManyRequests, byCookie.StatusCode);
    }

    [Theory]
    [InlineData("/calls?caller=1", "/calls?caller=1")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/calls\r\nSet-Cookie: a=b", "/")]
    [InlineData(null, "/")]
    public void After_signing_in_nobody_is_sent_to_another_site(string? asked, string sent) => Assert.Equal(sent, LocalAddress.Of(asked));

    private static HttpClient Client(ServedStore console) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = console.Address };
}
