using EventCalls.Console.Security;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>A recording on its call's page.</summary>
[Collection(nameof(Browser))]
public sealed class RecordingPageTests(Browser browser)
{
    private readonly TestRecordings _files = new() { Files = { [RecordedMediaCall.Location] = TestRecordings.Wav(RecordedMediaCall.Seconds) } };

    private static string Address => $"/calls/{new SampleCall(1).Id:D}";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 380)]
    [InlineData(ColorScheme.Light, 380)]
    public async Task The_player_and_the_figures_are_for_everybody(ColorScheme scheme, int width)
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address, scheme, width);
        await Assertions.Expect(tab.Page.Locator(".lane-picture img")).ToBeVisibleAsync();
        Assert.True(await tab.Page.EvaluateAsync<bool>("async () => { const i = document.querySelector('.lane-picture img'); await i.decode(); return i.naturalWidth > 0; }"), "The waveform is no picture.");
        await tab.MustBeForEverybodyAsync($"recording-{scheme}-{width}");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_click_on_an_event_plays_from_there_by_mouse_and_keyboard()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address);
        var digit = tab.Page.GetByRole(AriaRole.Button, new() { Name = "0:03 the caller pressed 5" });

        await digit.ClickAsync();
        await PlaysFromAsync(tab, 3);
        await Assertions.Expect(tab.Page.Locator(".playing")).ToContainTextAsync("Playing from 0:03, the caller pressed 5");

        await tab.Page.EvaluateAsync("document.querySelector('audio').pause()");
        Assert.InRange(await tab.Page.EvaluateAsync<double>("document.querySelector('audio').played.start(0)"), 2.8, 3.2);
        await tab.Page.Locator(".marks button").First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await PlaysFromAsync(tab, 0);

        var box = (await tab.Page.Locator(".lane-picture svg").BoundingBoxAsync())!;
        await tab.Page.Mouse.ClickAsync(box.X + box.Width * 0.75f, box.Y + box.Height / 2);
        await PlaysFromAsync(tab, RecordedMediaCall.Seconds * 0.75);
        await tab.Page.WaitForFunctionAsync("Number(document.querySelector('.lane-picture .head').getAttribute('x1')) > 700");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task How_each_side_sounded_is_said_in_words()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address);
        var rows = tab.Page.Locator("table.media tbody tr");
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("very good");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("bad");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("11.8 % (80)");
        await Assertions.Expect(rows.Nth(2)).ToContainTextAsync("nothing");
    }

    [Fact]
    public async Task Who_may_not_listen_is_told_so_and_one_on_another_node_names_it()
    {
        using var keys = new Keys();
        string desk = keys.New("desk", ApiScope.Operate);
        await using var console = await FilledAsync(o => o with { Keys = keys.Path });
        await using var tab = await browser.OpenAsync(console.Address, Address);
        await tab.Page.Locator("input[name=key]").FillAsync(desk);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".recording")).ToContainTextAsync("may not hear recordings");
        Assert.Equal(0, await tab.Page.Locator("audio").CountAsync());

        _files.Files.Clear();
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator(".recording")).ToContainTextAsync("made by node edge-1");
    }

    // It may have been played on since; what came before was not heard.
    private static Task PlaysFromAsync(Tab tab, double seconds) => tab.Page.WaitForFunctionAsync(
        "from => { const a = document.querySelector('audio'); return a.played.length > 0 && !a.seeking && [...Array(a.played.length).keys()].some(i => Math.abs(a.played.start(i) - from) < 0.2) && a.currentTime >= from - 0.2 && a.currentTime < from + 2.5; }", seconds);

    private async Task<ServedStore> FilledAsync(Func<ConsoleOptions, ConsoleOptions>? options = null)
    {
        var console = await ServedStore.StartAsync(options, s => s with { Recordings = _files });
        await console.AppendAsync(RecordedMediaCall.Of(
            1, RecordedMediaCall.Stored(), RecordedMediaCall.Statistics("caller", 4.4), RecordedMediaCall.Statistics("target", 2.9, lost: 80), RecordedMediaCall.Statistics("target", null)).Events);
        return console;
    }
}
