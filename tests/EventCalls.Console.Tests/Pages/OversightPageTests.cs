using EventCalls.Console.Security;
using EventCalls.Contracts;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>The sound of a call that goes on, on its page: its recording, who hears it, and how loud it is.</summary>
[Collection(nameof(Browser))]
public sealed class OversightPageTests(Browser browser)
{
    private static readonly SampleCall s_call = RecordedCalls.Open(4);
    private readonly FakeOwner _owner = new() { CallerLevel = 0.5, TargetLevel = 0.01 };

    private static string Address => $"/calls/{s_call.Id:D}";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 380)]
    public async Task It_is_for_everybody(ColorScheme scheme, int width)
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address, scheme, width);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show how loud both are" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#level-caller")).ToContainTextAsync("-6 dB");
        await tab.MustBeForEverybodyAsync($"oversight-{scheme}-{width}");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task The_recording_is_paused_and_discarded_by_a_button()
    {
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address);
        tab.Page.Dialog += static (_, dialog) => dialog.AcceptAsync();
        foreach (string button in new[] { "Start", "Pause", "Discard" })
        {
            int before = Given(CommandKind.Recording).Length;
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
            await Assertions.Expect(tab.Page.Locator("#overseen")).ToContainTextAsync("Taken");
            await tab.Page.WaitForFunctionAsync("() => true");
            Assert.Equal(before + 1, Given(CommandKind.Recording).Length);
        }
        Assert.Equal([RecordingChange.Start, RecordingChange.Pause, RecordingChange.Discard], Given(CommandKind.Recording).Select(c => c.Recording));
        Assert.Empty(tab.Errors);
    }

    [Theory]
    [InlineData(true, false, "Recording: paused")]
    [InlineData(true, true, "Recording")]
    [InlineData(false, false, "Recording")]
    public async Task A_pause_ends_with_what_was_paused(bool paused, bool isDiscarded, string said)
    {
        var pause = new RecordingPaused { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Paused = paused, By = "anna" };
        var discarded = new RecordingDiscarded { EventId = default, CallId = default, CausationId = default, OccurredAt = default, DurationMs = 900, By = "anna" };
        await using var console = await FilledAsync(isDiscarded ? [pause, discarded] : [pause]);

        string page = await console.Client.GetStringAsync(Address);

        Assert.Contains($"<legend>{said}</legend>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_is_called_to_hear_it_told_what_to_say_and_sent_away()
    {
        var id = Guid.CreateVersion7();
        await using var console = await FilledAsync(
            new CommandTaken
            {
                EventId = default,
                CallId = default,
                CausationId = default,
                OccurredAt = default,
                CommandId = id,
                Kind = CommandKind.Monitor,
                By = "anna",
                Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = id, Target = "sip:boss@pbx", Mode = MonitorMode.Listen },
            },
            new MonitorStarted { EventId = default, CallId = default, CausationId = default, OccurredAt = default, MonitorId = id, By = "anna", Target = "sip:boss@pbx", Mode = MonitorMode.Listen });
        await using var tab = await browser.OpenAsync(console.Address, Address);
        var form = tab.Page.Locator("#monitor");
        await form.GetByLabel("Number or SIP URI").FillAsync("sip:lead@pbx");
        await form.GetByLabel("who").SelectOptionAsync("whisper target");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#overseen")).ToContainTextAsync("Taken");
        var asked = Assert.Single(Given(CommandKind.Monitor)).Monitor!;
        Assert.Equal((MonitorAction.Start, "sip:lead@pbx", MonitorMode.Whisper, "target"), (asked.Action, asked.Target, asked.Mode, asked.Side));

        var known = tab.Page.Locator(".monitored");
        await Assertions.Expect(known).ToContainTextAsync("sip:boss@pbx hears the call");
        await known.Locator("select").SelectOptionAsync("join");
        await known.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await UntilAsync(() => Given(CommandKind.Monitor).Length == 2);
        Assert.Equal(new MonitorChange { Action = MonitorAction.Change, MonitorId = id, Mode = MonitorMode.Join }, Given(CommandKind.Monitor)[1].Monitor);
        await known.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await UntilAsync(() => Given(CommandKind.Monitor).Length == 3);
        Assert.Equal(new MonitorChange { Action = MonitorAction.End, MonitorId = id }, Given(CommandKind.Monitor)[2].Monitor);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task What_is_not_possible_is_said_and_levels_are_asked_for_no_more()
    {
        (_owner.Result, _owner.Problem) = (CommandResult.NotPossible, "the call's media does not go through the node");
        await using var console = await FilledAsync();
        await using var tab = await browser.OpenAsync(console.Address, Address);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show how loud both are" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#overseen")).ToContainTextAsync("does not go through the node");
        await Assertions.Expect(tab.Page.Locator("#levels")).ToBeHiddenAsync();
        Assert.Single(Given(CommandKind.Level));
    }

    [Fact]
    public async Task Who_may_not_monitor_is_offered_nothing_of_it()
    {
        using var keys = new Keys();
        string desk = keys.New("desk", ApiScope.Operate);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, s => s with { Commands = _owner });
        await console.AppendAsync(s_call.Events);
        await using var tab = await browser.OpenAsync(console.Address, Address);
        await tab.Page.Locator("input[name=key]").FillAsync(desk);
        await tab.Page.Locator("#sign-in button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#recording-command")).ToBeVisibleAsync();
        Assert.Equal(0, await tab.Page.Locator("#monitor").CountAsync());
    }

    private CallCommand[] Given(CommandKind kind) => [.. _owner.Commands.ToArray().Where(c => c.Kind == kind)];

    private static async Task UntilAsync(Func<bool> happened)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!happened())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
            await Task.Delay(20);
        }
    }

    private async Task<ServedStore> FilledAsync(params CallEvent[] more)
    {
        var console = await ServedStore.StartAsync(null, s => s with { Commands = _owner });
        var call = RecordedCalls.Open(4);
        foreach (var e in more)
            call.Then(e);
        await console.AppendAsync(call.Events);
        return console;
    }
}
