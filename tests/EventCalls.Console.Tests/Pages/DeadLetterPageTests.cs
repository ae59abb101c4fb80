using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store.Notifying;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class DeadLetterPageTests(Browser browser)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 380)]
    public async Task Dead_letters_are_put_back_discarded_and_replayed_after_a_second_click_and_who_did_it_is_shown(ColorScheme scheme, int width)
    {
        var queues = new TestQueues { Dead = 7 };
        await using var console = await StartAsync(queues);
        await using var tab = await browser.OpenAsync(console.Address, "/system", scheme, width);
        await tab.MustBeForEverybodyAsync($"dead-letters-{scheme}-{width}");

        await AskAsync(tab, "Put back all of eventcalls-recorder_error");
        await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync("Put back all of eventcalls-recorder_error? Once more does it.");
        await tab.MustBeForEverybodyAsync($"dead-letters-asked-{scheme}-{width}");
        Assert.Empty(queues.Done);
        await AskAsync(tab, "Put back: sure? Put back all of eventcalls-recorder_error");
        var acts = tab.Page.GetByRole(AriaRole.Region, new() { Name = "What was done with dead letters" }).Locator("tbody tr");
        await Assertions.Expect(acts).ToHaveCountAsync(1);
        await Assertions.Expect(acts).ToContainTextAsync("put back");
        Assert.Equal(["PutBack all of eventcalls-recorder_error by loopback"], queues.Done);

        queues.Dead = 2;
        await tab.Page.ReloadAsync();
        await AskAsync(tab, "Discard all of eventcalls-recorder_error");
        await AskAsync(tab, "Discard: sure? Discard all of eventcalls-recorder_error");
        await Assertions.Expect(acts).ToHaveCountAsync(2);
        await AskAsync(tab, "Replay all of crm");
        await AskAsync(tab, "Replay: sure? Replay all of crm");
        await Assertions.Expect(acts).ToHaveCountAsync(3);
        await Assertions.Expect(acts.Nth(0)).ToContainTextAsync("replayed");
        await Assertions.Expect(acts.Nth(0)).ToContainTextAsync("crm");
        await Assertions.Expect(acts.Nth(1)).ToContainTextAsync("discarded");
        Assert.Single(await ((IWebhookQueue)console.Store).ListDueAsync("crm", DateTimeOffset.MaxValue, 10, default));
        await tab.MustBeForEverybodyAsync($"dead-letters-done-{scheme}-{width}");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Who_goes_elsewhere_after_the_first_click_did_not_mean_it()
    {
        var queues = new TestQueues();
        await using var console = await StartAsync(queues);
        await using var tab = await browser.OpenAsync(console.Address, "/system");
        await AskAsync(tab, "Discard all of eventcalls-recorder_error");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).FocusAsync();
        await AskAsync(tab, "Discard all of eventcalls-recorder_error");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Discard: sure? Discard all of eventcalls-recorder_error" })).ToBeVisibleAsync();
        Assert.Empty(queues.Done);
    }

    [Fact]
    public async Task What_goes_wrong_is_said_and_the_button_can_be_used_again()
    {
        var queues = new TestQueues { FailsToClear = true };
        await using var console = await StartAsync(queues);
        await using var tab = await browser.OpenAsync(console.Address, "/system");
        await AskAsync(tab, "Put back all of eventcalls-recorder_error");
        await AskAsync(tab, "Put back: sure? Put back all of eventcalls-recorder_error");
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync("Broker not reachable: no broker");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Put back all of eventcalls-recorder_error", Exact = true })).ToBeEnabledAsync();
        await tab.MustBeForEverybodyAsync("dead-letters-problem");
    }

    [Fact]
    public async Task Buttons_are_there_for_who_may_use_them()
    {
        using var keys = new Keys();
        string reads = keys.New("reader", ApiScope.Read), operates = keys.New("desk", ApiScope.Operate);
        await using var console = await StartAsync(new TestQueues(), keys);
        await using (var tab = await browser.OpenAsync(console.Address, "/system"))
        {
            await SignInAsync(tab, reads);
            await Assertions.Expect(tab.Page.Locator("[data-post]")).ToHaveCountAsync(0);
        }
        await using (var tab = await browser.OpenAsync(console.Address, "/system"))
        {
            await SignInAsync(tab, operates);
            await Assertions.Expect(tab.Page.Locator("[data-post]")).ToHaveTextAsync(["Replay", "Put back"]);
        }
    }

    private static Task AskAsync(Tab tab, string name) => tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task SignInAsync(Tab tab, string key)
    {
        await tab.Page.Locator("input[name=key]").FillAsync(key);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("System · EventCalls");
    }

    private static async Task<ServedStore> StartAsync(TestQueues queues, Keys? keys = null)
    {
        var console = await ServedStore.StartAsync(
            keys is null ? null : o => o with { Keys = keys.Path },
            s => s with { Queues = queues, Webhooks = [new WebhookOptions { Name = "crm", Url = new Uri("https://crm.example.com/"), Secret = Webhooks.TellingStore.Secret }] });
        await console.Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon, IntervalSeconds = 5 }, s_noon, default);
        var queue = (IWebhookQueue)console.Store;
        await queue.AddWebhookAsync("crm", 0, "", default);
        var owed = new OwedDelivery { Id = Guid.CreateVersion7(), Type = "call_ended", CallId = Guid.CreateVersion7(), Version = 7, OwedSince = s_noon, NextAt = s_noon };
        await queue.AdvanceAsync("crm", 0, 1, "", [owed], default);
        await queue.SaveAttemptAsync("crm", owed with { Attempts = 9, Problem = "503", DeadAt = s_noon }, default);
        return console;
    }
}
