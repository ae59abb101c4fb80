using System.Text.RegularExpressions;
using EventCalls.Contracts;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

[Collection(nameof(Browser))]
public sealed class PageTests(Browser browser)
{
    internal const string Version = "sha256:3f2a91c04be7000000000000000000000000000000000000000000000000beef";

    public static TheoryData<string, ColorScheme, int> Pages
    {
        get
        {
            var pages = new TheoryData<string, ColorScheme, int>();
            foreach (string path in new[] { "/", "/calls", "/calls/CALL", "/statistics?from=2026-11-22&to=2026-11-23", "/logic", "/logic/VERSION", "/logic/compare?old=OTHER&new=VERSION", "/system", "/nothing-here/at-all" })
            {
                pages.Add(path, ColorScheme.Light, 1280);
                pages.Add(path, ColorScheme.Dark, 360);
            }
            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_for_everybody_light_dark_wide_and_narrow_and_its_scripts_are_content(string path, ColorScheme scheme, int width)
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Named(path), scheme, width);

        await tab.MustBeForEverybodyAsync($"page{path.Split('?')[0].Replace('/', '-')}-{scheme}");
        // A page that is nowhere is a 404, which the browser says too.
        Assert.DoesNotContain(tab.Errors, e => !e.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_of_the_ladder_opens_its_evidence_and_a_second_one_beside_it_by_mouse_and_keyboard()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Named("/calls/CALL"));
        var evidence = tab.Page.Locator("#evidence");

        await tab.Page.Locator(".ladder .row[data-event='1']").ClickAsync();
        await Assertions.Expect(evidence).ToContainTextAsync("<sip:+15551234567@192.0.2.1>;tag=1");
        await tab.Page.Locator(".ladder .row[data-event='6']").ClickAsync(new LocatorClickOptions { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(evidence.Locator("article")).ToHaveCountAsync(2);
        await Assertions.Expect(evidence).ToContainTextAsync("403");

        await tab.Page.Locator(".ladder .row[data-event='1']").FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(evidence.Locator("article")).ToHaveCountAsync(1);
        await Assertions.Expect(evidence).ToContainTextAsync("flow_selected");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task The_slider_shows_the_state_as_of_any_event_and_fades_what_came_later()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Named("/calls/CALL"));

        await tab.Page.Locator("#moment").FillAsync("1");
        await Assertions.Expect(tab.Page.Locator("#state")).ToContainTextAsync("nothing is kept");
        await Assertions.Expect(tab.Page.Locator(".ladder .row.later")).ToHaveCountAsync(10);
        await tab.Page.Locator("#moment").FillAsync("2");
        await Assertions.Expect(tab.Page.Locator("#state")).ToContainTextAsync("North Branch");
    }

    [Fact]
    public async Task The_page_of_a_call_shows_the_line_that_decided_and_a_link_to_an_event_opens_it()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Named("/calls/CALL#event-7"));

        await Assertions.Expect(tab.Page.Locator(".source .hit")).ToContainTextAsync("the line that decided");
        await Assertions.Expect(tab.Page.Locator("#event-7 details")).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(tab.Page.Locator("#event-1 .ids")).ToContainTextAsync("INVITE a84b4c76e66710-");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(375)]
    public async Task A_number_without_end_widens_no_page_and_pushes_nothing_out_of_a_list(int width)
    {
        await using var console = await FilledAsync();
        var call = new SampleCall(9, caller: "+1" + new string('5', 600), callee: new string('9', 600)).Decided("support", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1" })
            .Attempt(1, HandoffMethod.Invite, "sip:" + new string('7', 600));
        await console.AppendAsync(call.Events);
        await using var tab = await browser.OpenAsync(console.Address, $"/calls/{call.Id:D}", width: width);
        await tab.MustBeForEverybodyAsync($"long-number-{width}");

        await tab.Page.GotoAsync("/calls");
        Assert.InRange(await tab.Page.EvaluateAsync<double>("document.querySelector('table.calls').offsetWidth"), 300, 1300);
    }

    [Fact]
    public async Task A_legend_is_not_torn_from_its_colour()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, "/statistics?from=2026-11-22&to=2026-11-23");
        // However wide the window is, each stands in one line.
        for (int width = 1000; width <= 1300; width += 25)
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            Assert.Equal(0, await tab.Page.EvaluateAsync<int>("[...document.querySelectorAll('.word')].filter(w => w.getClientRects().length !== 1).length"));
        }
        Assert.True(await tab.Page.EvaluateAsync<int>("document.querySelectorAll('.word').length") > 0);
    }

    [Fact]
    public async Task Of_a_picture_that_is_wider_than_a_phone_the_newest_is_seen_first()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, "/statistics?from=2026-11-22&to=2026-11-23", width: 375);

        Assert.True(await tab.Page.EvaluateAsync<bool>("""
            [...document.querySelectorAll(".chart:not(.heat) > .scroll")].every(s => s.scrollWidth > s.clientWidth && Math.abs(s.firstElementChild.getBoundingClientRect().right - s.getBoundingClientRect().right) < 2)
            """));
    }

    [Fact]
    public async Task Markup_in_what_a_peer_sent_stays_text()
    {
        const string Evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        await using var console = await ServedStore.StartAsync();
        var call = new SampleCall(caller: Evil).Decided(Evil, new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1", Reason = Evil })
            .Attempt(1, HandoffMethod.Invite, "sip:" + Evil, Evil, new SipHeader("X-Evil", Evil)).Progress(1, "response", 180, Evil);
        await console.AppendAsync(call.Events);
        await using var tab = await browser.OpenAsync(console.Address, $"/calls/{call.Id:D}");

        foreach (var row in await tab.Page.Locator(".ladder .row").AllAsync())
            await row.ClickAsync();
        await tab.Page.GotoAsync("/calls");
        await tab.Page.GotoAsync("/");
        await Assertions.Expect(tab.Page.Locator("#connection")).ToHaveTextAsync("Connected");
        await Assertions.Expect(tab.Page.Locator("#live")).ToContainTextAsync("<img");
        Assert.Equal(0, await tab.Page.Locator("main img").CountAsync());
        Assert.DoesNotContain("owned", await tab.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_call_appears_on_the_live_board_changes_and_goes()
    {
        await using var console = await ServedStore.StartAsync();
        await using var tab = await browser.OpenAsync(console.Address, "/");
        await Assertions.Expect(tab.Page.Locator("#connection")).ToHaveTextAsync("Connected");
        await Assertions.Expect(tab.Page.Locator("#up")).ToHaveTextAsync("0");
        // Nothing is said of the time before: it was not counted.
        await Assertions.Expect(tab.Page.Locator("#flows-title")).ToHaveTextAsync(new Regex("^Flows in the last [0-9]+ s$"));
        var now = DateTimeOffset.UtcNow;
        var call = RecordedCalls.Referred().Events.Select(e => e with { OccurredAt = now }).ToList();

        await console.AppendAsync(call[..3]);
        await Assertions.Expect(tab.Page.Locator("#live")).ToContainTextAsync("+15550000002");
        await Assertions.Expect(tab.Page.Locator("#up")).ToHaveTextAsync("1");
        await console.AppendAsync(call[3..]);
        await Assertions.Expect(tab.Page.Locator("#past")).ToContainTextAsync("answered");
        await Assertions.Expect(tab.Page.Locator("#up")).ToHaveTextAsync("0");
        await Assertions.Expect(tab.Page.Locator("#outcomes")).ToContainTextAsync("answered");
    }

    [Fact]
    public async Task A_search_is_an_address_that_can_be_kept_and_sent()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, "/calls");

        await tab.Page.Locator("input[name=caller]").FillAsync("+15550000002");
        await tab.Page.Locator("#save").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(console.Address, "/calls?caller=%2B15550000002").ToString());
        await Assertions.Expect(tab.Page.Locator("table.calls tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.Locator("#saved a")).ToHaveTextAsync("caller +15550000002");
        await tab.Page.GotoAsync("/calls?outcome=nonsense");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("outcome");
    }

    internal static string Named(string path) => path.Replace("CALL", RecordedCalls.ReferredThenBridged().Id.ToString("D"), StringComparison.Ordinal)
        .Replace("OTHER", Version[..^4] + "0000", StringComparison.Ordinal).Replace("VERSION", Version, StringComparison.Ordinal);

    internal static async Task<ServedStore> FilledAsync(Func<ConsoleSources, ConsoleSources>? sources = null, Keys? keys = null)
    {
        var console = await ServedStore.StartAsync(keys is null ? null : o => o with { Keys = keys.Path }, sources);
        await console.AppendAsync(RecordedCalls.ReferredThenBridged().Events.Select(e => e is FlowSelected selected ? selected with { LogicVersion = Version } : e));
        await console.AppendAsync(RecordedCalls.Referred().Events);
        await console.AppendAsync(RecordedCalls.Refused().Events);
        await console.AppendAsync(RecordedCalls.Open().Events);
        string[] lines = [.. Enumerable.Range(1, 40).Select(n => n == 16 ? "    // the line that decided" : $"    // line {n}")];
        await console.Store.SaveLogicVersionAsync(Loaded(Version, lines), default);
        lines[30] = "    // another line";
        await console.Store.SaveLogicVersionAsync(Loaded(Version[..^4] + "0000", lines), default);
        return console;
    }

    private static LogicVersionLoaded Loaded(string version, string[] lines) =>
        new() { Version = version, Sources = [new LogicSource("SupportLine.cs", string.Join('\n', lines))], LoadedAt = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero) };
}
