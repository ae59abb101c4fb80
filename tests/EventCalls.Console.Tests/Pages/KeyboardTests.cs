using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Store.Steering;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>Whoever has no mouse gets everywhere, and sees where they are.</summary>
[Collection(nameof(Browser))]
public sealed class KeyboardTests(Browser browser)
{
    // Of the buttons of one choice Tab stops at the one that is chosen; the arrows go to the others.
    private const string Remember = """
        () => { const isStop = e => {
            if (e.type !== "radio") return true;
            const choice = [...e.form.querySelectorAll(`input[type=radio][name="${e.name}"]`)];
            return e === (choice.find(o => o.checked) ?? choice[0]);
          };
          return (window.wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, audio, [tabindex='0']")].filter(e => !e.disabled && e.checkVisibility({ visibilityProperty: true }) && isStop(e))).length;
        }
        """;

    // Where the keyboard is: which of them, or what is wrong with it.
    private const string Where = """
        () => {
          const e = document.activeElement;
          if (e === document.body || e === document.documentElement) return "-1";
          // A row of a ladder draws it itself.
          const hit = e.matches(".row") ? getComputedStyle(e.querySelector(".hit")) : null;
          const style = getComputedStyle(e), box = e.getBoundingClientRect();
          const bar = document.querySelector(".bar").getBoundingClientRect();
          // The browser itself stops at what can be scrolled.
          const place = window.wanted.indexOf(e);
          if (place < 0 && (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)) return "-1";
          const wrong = place < 0 ? "is not among what is seen" : (hit ? hit.stroke === "none" || parseFloat(hit.strokeWidth) < 2 : style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) ? "has no outline"
            : box.width === 0 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth ? "is out of sight"
            : !e.closest(".bar, .skip") && box.bottom <= bar.bottom ? "is under the bar" : null;
          return wrong ? `${wrong}: ${e.outerHTML.slice(0, 160)}` : String(place);
        }
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, ColorScheme, int> Pages
    {
        get
        {
            var pages = new TheoryData<string, ColorScheme, int>();
            foreach (string path in (string[])["/", "/calls", "/calls/CALL", "/calls/OPEN", "/logic/VERSION", "/logic/compare?old=OTHER&new=VERSION", "/logic", "/replays", "/statistics", "/system", "/sign-in"])
            {
                pages.Add(path, ColorScheme.Light, 1280);
                pages.Add(path, ColorScheme.Dark, 360);
            }
            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Tab_comes_to_all_that_can_be_done_on_a_page_in_its_order_in_sight_and_with_an_outline(string path, ColorScheme scheme, int width)
    {
        using var keys = new Keys();
        await using var console = await StartAsync(path == "/sign-in" ? keys : null);
        await using var tab = await browser.OpenAsync(console.Address, Named(path), scheme, width);
        if (path == "/")
            await Assertions.Expect(tab.Page.Locator("#live tbody.drawn")).ToBeVisibleAsync();
        await tab.MustBeForEverybodyAsync($"keyboard{path.Split('?')[0].Replace('/', '-')}-{scheme}");
        int count = await tab.Page.EvaluateAsync<int>(Remember);
        Assert.InRange(count, 5, 200);

        // It begins at the top, whatever the page has the keyboard at.
        await tab.Page.EvaluateAsync("() => { document.activeElement.blur(); scrollTo(0, 0); getSelection().collapse(document.body, 0); }");
        var been = new List<int>();
        // A field of a date has several places.
        for (int i = 0; i < (2 * count) + 10 && !been.Contains(count - 1); i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            string at = await tab.Page.EvaluateAsync<string>(Where);
            Assert.True(int.TryParse(at, out int place), $"{path}, {width}: {at}");
            if (place >= 0 && been.LastOrDefault(-1) != place)
                been.Add(place);
        }

        Assert.Equal(Enumerable.Range(0, count), been);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Evidence_is_opened_left_and_closed_and_the_slider_moved_by_keys_alone()
    {
        await using var console = await StartAsync(null);
        await using var tab = await browser.OpenAsync(console.Address, Named("/calls/CALL"));
        var (rows, evidence) = (tab.Page.Locator(".ladder .row"), tab.Page.Locator("#evidence"));
        await rows.First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await tab.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(rows.Last).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Home");
        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(rows.Nth(1)).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(evidence.Locator("article")).ToHaveCountAsync(1);
        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await tab.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(evidence.Locator("article")).ToHaveCountAsync(2);
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(evidence).ToBeHiddenAsync();
        await Assertions.Expect(rows.Nth(2)).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await evidence.GetByRole(AriaRole.Button).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(evidence).ToBeHiddenAsync();
        await Assertions.Expect(rows.Nth(2)).ToBeFocusedAsync();

        await tab.Page.Locator("#moment").FocusAsync();
        await tab.Page.Keyboard.PressAsync("Home");
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(tab.Page.Locator("#at")).ToHaveTextAsync("2");
        await Assertions.Expect(tab.Page.Locator("#state")).ToContainTextAsync("State as of event 2");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Dead_letters_and_versions_are_acted_on_by_keys_alone()
    {
        var queues = new TestQueues { Dead = 3 };
        await using var console = await StartAsync(null, queues);
        await using var tab = await browser.OpenAsync(console.Address, "/system");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Put back all of eventcalls-recorder_error", Exact = true }).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "What was done with dead letters" })).ToContainTextAsync("put back");

        await tab.Page.GotoAsync("/logic");
        var activate = tab.Page.Locator("[data-activate]").First;
        await activate.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("dialog")).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(activate).ToBeFocusedAsync();
        Assert.Equal(1, (await ((ILogicSteering)console.Store).LastActivationAsync(default))!.Number);
    }

    private static string Named(string path) => PageTests.Named(path).Replace("OPEN", RecordedCalls.Open().Id.ToString("D"), StringComparison.Ordinal);

    // All there is on any page, for somebody who may everything.
    private static async Task<ServedStore> StartAsync(Keys? keys, TestQueues? queues = null)
    {
        keys?.New("anna", ApiScope.Administer);
        var console = await PageTests.FilledAsync(
            s => s with
            {
                Commands = new Nobody(),
                Queues = queues ?? new TestQueues(),
                LogicFrom = LogicFrom.Store,
                TryLogic = (_, _, _) => throw new InvalidOperationException("Nothing is compiled."),
                Replaying = () => throw new InvalidOperationException("Nothing is replayed."),
                Fork = (_, _, _, _, _) => throw new InvalidOperationException("Nothing is played."),
            },
            keys);
        await console.Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon, IntervalSeconds = 5 }, s_noon, default);
        await ((ILogicSteering)console.Store).TryActivateAsync(new LogicActivation { Number = 1, Version = PageTests.Version, By = "anna", At = s_noon }, default);
        return console;
    }

    private sealed class Nobody : ICallCommands
    {
        public Task<CommandAnswer> SendAsync(CallCommand command, CancellationToken cancellationToken) =>
            Task.FromResult(new CommandAnswer { CommandId = command.CommandId, Result = CommandResult.NoAnswer });
    }
}
