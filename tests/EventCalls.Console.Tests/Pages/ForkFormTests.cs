using System.Text;
using EventCalls.Replay.Audit;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class ForkFormTests(Browser browser)
{
    private const string Otherwise = """
        {"same": false,
         "recorded": {"flow": "vip_support", "handoff": "invite", "target": "sip:+12222222@192.0.2.7:5060", "outcome": "answered", "endCause": "hung_up"},
         "forked": {"flow": "vip_support", "handoff": "reject", "target": null, "outcome": "accepted", "endCause": "rejected"}}
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 380)]
    [InlineData(ColorScheme.Dark, 380)]
    public async Task A_call_is_played_on_from_an_event_with_other_logic_and_both_courses_are_shown(ColorScheme scheme, int width)
    {
        (int At, string? Inject, string? Logic)? asked = null;
        await using var console = await StartAsync((at, inject, logic) =>
        {
            asked = (at, inject, logic);
            return new PlayedFork(Encoding.UTF8.GetBytes(Otherwise), [], at, false, "What was wanted did not happen: <b>nobody rang</b>.");
        });
        await using var tab = await OpenAsync(console, scheme, width);

        await tab.Page.Locator("#fork [name=at]").FillAsync("3");
        await tab.Page.Locator("#fork [name=logic]").SelectOptionAsync(PageTests.Version);
        await tab.Page.Locator("#fork [name=inject]").FillAsync(" 486 ");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play it on" }).ClickAsync();

        var forked = tab.Page.Locator("#forked");
        await Assertions.Expect(forked).ToContainTextAsync("The call would go otherwise.");
        await Assertions.Expect(forked).ToContainTextAsync("<b>nobody rang</b>");
        await Assertions.Expect(forked).ToContainTextAsync("What happened: flow vip_support, invite sip:+12222222@192.0.2.7:5060, answered, hung up");
        await Assertions.Expect(forked).ToContainTextAsync("What would happen: flow vip_support, reject, accepted, rejected");
        Assert.Equal((3, "486", PageTests.Version), asked);
        foreach (string ladder in (string[])["Ladder of what happened", "Ladder of what would happen"])
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { Name = ladder, Exact = true })).ToHaveJSPropertyAsync("complete", true);
        Assert.Equal(2, await tab.Page.EvaluateAsync<int>("[...document.querySelectorAll('#forked img')].filter(image => image.naturalWidth > 0).length"));
        await tab.MustBeForEverybodyAsync($"fork-{scheme}-{width}");
        // The ladders are pictures: they go with the page when its reader wants the other colours.
        await tab.Page.Locator("#theme").ClickAsync();
        await tab.MustBeForEverybodyAsync($"fork-{scheme}-{width}-turned");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Why_a_call_cannot_be_played_is_said_as_a_problem_and_the_form_goes_on_working()
    {
        bool isPossible = false;
        await using var console = await StartAsync((at, _, _) => isPossible
            ? new PlayedFork(Encoding.UTF8.GetBytes(Otherwise.Replace("false", "true", StringComparison.Ordinal)), [], at, true, null)
            : throw new ForkRefusedException("A call cannot be told 'dance'; expected a status, ring or hangup."));
        await using var tab = await OpenAsync(console, ColorScheme.Light, 1280);

        await tab.Page.Locator("#fork [name=inject]").FillAsync("dance");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#forked .problem")).ToHaveTextAsync("A call cannot be told 'dance'; expected a status, ring or hangup.");
        await tab.MustBeForEverybodyAsync("fork-refused");
        isPossible = true;
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play it on" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#forked")).ToContainTextAsync("The call would go as it went.");
        await Assertions.Expect(tab.Page.Locator("#forked .problem")).ToHaveCountAsync(0);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_as_a_problem_too()
    {
        await using var console = await StartAsync((_, _, _) => throw new InvalidOperationException("Nothing is played."));
        await using var tab = await OpenAsync(console, ColorScheme.Light, 1280);
        await tab.Page.RouteAsync("**/forks", route => route.FulfillAsync(new RouteFulfillOptions { Status = 409, ContentType = "application/problem+json", Body = """{"title": "A fork is played", "detail": "Come again in a moment."}""" }));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play it on" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#forked .problem")).ToHaveTextAsync("A fork is played: Come again in a moment.");
    }

    private Task<Tab> OpenAsync(ServedStore console, ColorScheme scheme, int width) =>
        browser.OpenAsync(console.Address, $"/calls/{RecordedCalls.ReferredThenBridged().Id:D}", scheme, width);

    // What is played is the recorded course: how it looks does not depend on what it tells.
    private static Task<ServedStore> StartAsync(Func<int, string?, string?, PlayedFork> play) => PageTests.FilledAsync(s => s with
    {
        Replaying = () => throw new InvalidOperationException("Nothing is replayed."),
        Fork = (history, at, inject, logic, _) => Task.FromResult<PreparedFork>(_ => Task.FromResult(play(at, inject, logic?.Version) with { Events = history.Events })),
    });
}
