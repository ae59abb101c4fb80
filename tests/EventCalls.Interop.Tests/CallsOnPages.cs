using EventCalls.Console.Tests.Pages;
using EventCalls.Interop.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls in a real browser, wherever its pages come from.</summary>
/// <param name="browser">The browser.</param>
/// <param name="service">The service, whose logic comes from the store.</param>
/// <param name="name">What pictures of it are called.</param>
public abstract class CallsOnPages(Browser browser, ServingService service, string name)
{
    // When a row of a table got this page's first look at its call, and so people theirs.
    private const string WatchRows = """
        window.seenAt = {};
        new MutationObserver(() => { for (const row of document.querySelectorAll("#live tr[data-call]")) window.seenAt[row.dataset.call] ??= Date.now(); })
          .observe(document.getElementById("live"), { childList: true, subtree: true });
        """;

    [Fact]
    public async Task A_call_is_on_the_board_within_a_second_is_moved_from_its_page_and_the_ladder_shows_what_happened()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        await using var tab = await SignInAsync("anna", "/");
        await Expect(tab.Page.Locator("#connection")).ToHaveTextAsync("Connected");
        await tab.Page.EvaluateAsync(WatchRows);

        // It is called once more when the call is moved, however long that takes here, and hangs up then.
        var calling = service.CallAsync("call-reinvited", "bridge", receiveTimeoutMs: 60_000);
        var row = tab.Page.Locator("#live tr[data-call]");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("answered");
        string callId = (await row.GetAttributeAsync("data-call"))!;
        var began = (await service.JsonAsync(200, $"/api/calls/{callId}")).GetProperty("startedAt").GetDateTimeOffset();
        var seen = DateTimeOffset.FromUnixTimeMilliseconds(await tab.Page.EvaluateAsync<long>("id => window.seenAt[id]", callId));
        Assert.InRange(seen - began, TimeSpan.FromMilliseconds(-1), TimeSpan.FromSeconds(1));

        await row.GetByRole(AriaRole.Link).ClickAsync();
        var ladder = tab.Page.Locator(".ladder");
        await Expect(ladder).ToContainTextAsync("INVITE");
        await tab.Page.Locator("#handoff input[name=target]").FillAsync("2222222");
        await tab.Page.Locator("#handoff input[name=endpoint]").FillAsync("pstn");
        await tab.Page.Locator("#handoff input[name=reason]").FillAsync("escalation");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Hand off" }).ClickAsync();

        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        Assert.Single((await second.WaitAsync()).MustSucceed().Received, m => m.Method == "INVITE");
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal((callId, "anna"), ($"{call.CallId:D}", call.Only("command_taken")["by"]));
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        // The page came to it by itself: every event has its row, and the command says who gave it.
        foreach (var e in call.Events.Where(e => e.Type is "call_started" or "command_taken" or "transfer_started" or "call_ended"))
            await Expect(ladder.Locator($".row[data-event='{e.Version}']").First).ToBeVisibleAsync();
        await ladder.Locator($".row[data-event='{call.Only("command_taken").Version}']").First.ClickAsync();
        await Expect(tab.Page.Locator("#evidence")).ToContainTextAsync("anna");
        await Expect(tab.Page.Locator("#handoff")).ToHaveCountAsync(0);
        await tab.MustBeForEverybodyAsync($"moved-{name}");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Logic_is_rolled_back_on_a_page_and_the_router_decides_by_what_was_before()
    {
        string folder = await service.DecidedByAsync("call-rejected-404");
        string busy = await service.UploadAsync(486), declines = await service.UploadAsync(603);
        await service.StepAsync($"/api/logic/{busy}/activate", "{}", busy);
        await service.StepAsync($"/api/logic/{declines}/activate", "{}", declines);
        Assert.Equal(declines, await service.DecidedByAsync("call-rejected-603"));
        await using var tab = await SignInAsync("root", "/logic");

        await tab.Page.Locator("[data-roll-back]").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, for all routers" }).ClickAsync();
        await Expect(tab.Page.Locator("#holds")).ToContainTextAsync(busy[7..19]);

        var activations = (await service.JsonAsync(200, "/api/logic", by: "wallboard")).GetProperty("activations").EnumerateArray();
        await service.UntilLoadedAsync(busy, activations.Max(a => a.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(busy, await service.DecidedByAsync("call-rejected-486"));
        await service.StepAsync("/api/logic/roll-back", $$"""{"from": "{{busy}}"}""", folder);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_replay_is_run_on_a_page_and_leads_to_a_changed_call_with_both_its_ladders()
    {
        string own = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Logic", "InteropLogic.cs"));
        string candidate = await service.KeepLogicAsync(own.Replace("Handoff.Reject(603, \"Not today\")", "Handoff.Reject(480)", StringComparison.Ordinal));
        var (_, past) = await service.CallToTheEndAsync("call-rejected-603", "reject_603");
        await service.CallToTheEndAsync("call-rejected-486", "reject_486");
        await using var tab = await SignInAsync("anna", "/replays");

        await tab.Page.Locator("#start [name=logic]").SelectOptionAsync(candidate);
        await tab.Page.Locator("#start [name=flow]").FillAsync("reject_603");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Decide past calls again" }).ClickAsync();
        await Expect(tab.Page.Locator("#replay")).ToHaveAttributeAsync("data-state", "done");
        foreach (var (what, count) in new[] { ("Changed", "1"), ("Same", "0"), ("Errors", "0") })
            await Expect(tab.Page.Locator(".tile").Filter(new() { HasText = what })).ToContainTextAsync(count);
        await tab.MustBeForEverybodyAsync($"replay-{name}");
        var link = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Changed calls" }).GetByRole(AriaRole.Link);
        Assert.StartsWith($"/calls/{past.CallId:D}?", await link.GetAttributeAsync("href"), StringComparison.Ordinal);

        await link.ClickAsync();
        await Expect(tab.Page.Locator("#what-if [name=logic]")).ToHaveValueAsync(candidate);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Decide", Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator("#would td.removed").First).ToContainTextAsync("603");
        await Expect(tab.Page.Locator("#would td.added").First).ToContainTextAsync("480");
        await Expect(tab.Page.Locator("#fork [name=logic]")).ToHaveValueAsync(candidate);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play it on" }).ClickAsync();
        await Expect(tab.Page.Locator("#forked")).ToContainTextAsync("The call would go otherwise.");
        foreach (string ladder in (string[])["Ladder of what happened", "Ladder of what would happen"])
            await Expect(tab.Page.GetByRole(AriaRole.Img, new() { Name = ladder, Exact = true })).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        await tab.MustBeForEverybodyAsync($"replay-call-{name}");
        Assert.Empty(tab.Errors);
    }

    private async Task<Tab> SignInAsync(string who, string path)
    {
        var tab = await browser.OpenAsync(service.Address, path);
        await tab.Page.Locator("input[name=key]").FillAsync(service.KeyOf(who));
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Expect(tab.Page.Locator(".who")).ToContainTextAsync(who);
        return tab;
    }
}
