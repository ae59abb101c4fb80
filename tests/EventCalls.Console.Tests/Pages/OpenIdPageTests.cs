using System.Text.RegularExpressions;
using EventCalls.Console.Tests.OpenId;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class OpenIdPageTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 380)]
    public async Task Who_signs_in_at_a_provider_of_another_site_gets_the_page_that_was_asked_for_and_can_sign_out(ColorScheme scheme, int width)
    {
        await using var provider = await Provider.StartAsync("localhost");
        await using var console = await OpenIdTests.StartAsync(provider);
        await using var tab = await browser.OpenAsync(console.Address, "/calls?caller=%2B1555", scheme, width);

        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        await tab.MustBeForEverybodyAsync($"sign-in-openid-{scheme}");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "With your account at localhost" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(console.Address, "/calls?caller=%2B1555").ToString());
        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("openid:anna");
        Assert.Equal("", await tab.Page.EvaluateAsync<string>("document.cookie"));
        await tab.MustBeForEverybodyAsync($"signed-in-openid-{scheme}");

        await tab.Page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        // By way of the provider, which has no session any more either.
        Assert.Equal(($"{console.Address}sign-in", "x"), (provider.Ended["post_logout_redirect_uri"], provider.Ended["realm"]));
        await tab.Page.GotoAsync("/calls");
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Whose_account_may_do_nothing_here_is_told_so_and_what_to_do()
    {
        await using var provider = await Provider.StartAsync("localhost");
        provider.Groups = ["cleaning"];
        await using var console = await OpenIdTests.StartAsync(provider);
        await using var tab = await browser.OpenAsync(console.Address, "/system");

        await tab.Page.Locator("#openid").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("/sign-in\\?.*refused"));
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You were not let in");
        await tab.MustBeForEverybodyAsync("sign-in-openid-refused");
        provider.Groups = ["desk"];
        await tab.Page.Locator("#openid").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("openid:anna");
        Assert.Empty(tab.Errors);
    }
}
