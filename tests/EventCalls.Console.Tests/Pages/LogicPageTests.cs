using EventCalls.Console.Security;
using EventCalls.Store.Steering;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class LogicPageTests(Browser browser)
{
    private const string Text = "using EventCalls.Routing;\npublic sealed class Desk : RoutingLogic\n{\n    public override Decision Start(Conversation conv) => Handoff.Invite(\"1\");\n}\n";

    [Fact]
    public async Task A_version_is_uploaded_activated_after_a_question_and_rolled_back()
    {
        await using var console = await LogicSteeringTests.StartAsync();
        await using var tab = await browser.OpenAsync(console.Address, "/logic");
        await Assertions.Expect(tab.Page.Locator("#holds")).ToContainTextAsync("Nothing was activated yet");
        await tab.Page.Locator("input[name=files]").SetInputFilesAsync(new FilePayload { Name = "Desk.cs", MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(Text) });
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        var activate = tab.Page.Locator("[data-activate]");
        await Assertions.Expect(activate).ToHaveCountAsync(1);

        await activate.ClickAsync();
        Assert.Empty(await tab.FindingsAsync());
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "No" }).ClickAsync();
        Assert.Null(await ((ILogicSteering)console.Store).LastActivationAsync(default));
        await activate.ClickAsync();
        await tab.Page.Locator("input[name=note]").FillAsync("<b>ticket 7</b>");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, for all routers" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#holds")).ToContainTextAsync("All routers decide by");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Activations" })).ToContainTextAsync("<b>ticket 7</b>");
        Assert.Empty(await tab.FindingsAsync());
        await tab.PictureAsync();

        await tab.Page.Locator("[data-roll-back]").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#asked")).ToContainTextAsync("to each router's folder?");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, for all routers" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#holds")).ToContainTextAsync("Each router decides by its folder");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task What_cannot_be_used_is_said_with_its_place_and_who_only_reads_sees_no_button()
    {
        using var keys = new Keys();
        string reads = keys.New("reader", ApiScope.Read), administers = keys.New("anna", ApiScope.Administer);
        await using var console = await LogicSteeringTests.StartAsync(keys);
        await using var tab = await browser.OpenAsync(console.Address, "/logic");
        await SignInAsync(tab, administers);
        await tab.Page.Locator("input[name=files]").SetInputFilesAsync(new FilePayload { Name = "Desk.cs", MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(Text.Replace("Invite", "Ivnite", StringComparison.Ordinal)) });
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said")).ToContainTextAsync("Desk.cs(4,");
        await tab.Page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("Sign in · EventCalls");
        await tab.Page.GotoAsync("/logic");
        await SignInAsync(tab, reads);
        await Assertions.Expect(tab.Page.Locator("#upload")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Routing logic" })).ToBeVisibleAsync();
    }

    private static async Task SignInAsync(Tab tab, string key)
    {
        await tab.Page.Locator("input[name=key]").FillAsync(key);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        // Not WaitForURLAsync: it misses a page that comes while it begins to wait.
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/logic$"));
    }
}
