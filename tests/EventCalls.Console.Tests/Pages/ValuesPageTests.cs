using EventCalls.Console.Security;
using EventCalls.Store.Steering;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>What operators set for <c>conv.Config</c>, on the page of the logic.</summary>
[Collection(nameof(Browser))]
public sealed class ValuesPageTests(Browser browser)
{
    [Fact]
    public async Task A_value_is_set_changed_and_taken_away_after_a_question_each_and_who_did_it_is_shown()
    {
        using var keys = new Keys();
        string key = keys.New("anna", ApiScope.Operate);
        await using var console = await LogicSteeringTests.StartAsync(keys);
        await using var tab = await browser.OpenAsync(console.Address, "/logic");
        await SignInAsync(tab, key);
        // Who operates sets values, and does not steer the logic.
        await Assertions.Expect(tab.Page.Locator("#upload")).ToHaveCountAsync(0);
        await tab.Page.Locator("#set-value input[name=name]").FillAsync("holiday");
        await tab.Page.Locator("#set-value input[name=value]").FillAsync("<b>yes</b>");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#asked")).ToHaveTextAsync("Have conv.Config(\"holiday\") answer \"<b>yes</b>\"?");
        Assert.Empty(await tab.FindingsAsync());
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "No", Exact = true }).ClickAsync();
        Assert.Empty(await ((IValueRecord)console.Store).ListValueChangesAsync(null, 9, default));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await tab.Page.Locator("dialog input[name=note]").FillAsync("Epiphany");
        await ConfirmAsync(tab);
        var values = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Values", Exact = true });
        await Assertions.Expect(values).ToContainTextAsync("<b>yes</b>");
        await Assertions.Expect(values).ToContainTextAsync("anna");
        await Assertions.Expect(values).ToContainTextAsync("Epiphany");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Change holiday" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#set-value input[name=value]")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("no");
        await tab.Page.Keyboard.PressAsync("Enter");
        await ConfirmAsync(tab);
        await Assertions.Expect(values.Locator("td").First).ToHaveTextAsync("no");
        await tab.MustBeForEverybodyAsync("values_set");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Take away holiday" }).ClickAsync();
        await ConfirmAsync(tab);
        await Assertions.Expect(tab.Page.GetByText("Nothing is set.")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Changes of values" }).Locator("tbody tr")).ToHaveCountAsync(3);
        Assert.Equal([null, "no", "<b>yes</b>"], (await ((IValueRecord)console.Store).ListValueChangesAsync("holiday", 9, default)).Select(c => c.Value));
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Who_only_reads_sees_values_and_nothing_to_set_them_with()
    {
        using var keys = new Keys();
        string reads = keys.New("reader", ApiScope.Read);
        await using var console = await LogicSteeringTests.StartAsync(keys);
        await new ValueSetting((IValueRecord)console.Store, TimeProvider.System).SetAsync("holiday", "yes", "anna", null, default);
        await using var tab = await browser.OpenAsync(console.Address, "/logic", ColorScheme.Dark, 360);
        await SignInAsync(tab, reads);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Values", Exact = true })).ToContainTextAsync("yes");
        await Assertions.Expect(tab.Page.Locator("#set-value, [data-change-value], [data-remove-value], dialog")).ToHaveCountAsync(0);
        await tab.MustBeForEverybodyAsync("values_read");
        Assert.Empty(tab.Errors);
    }

    private static Task ConfirmAsync(Tab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, for all routers" }).ClickAsync();

    private static async Task SignInAsync(Tab tab, string key)
    {
        await tab.Page.Locator("input[name=key]").FillAsync(key);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        // Not WaitForURLAsync: it misses a page that comes while it begins to wait.
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/logic$"));
    }
}
