using EventCalls.Contracts;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>A search by header that has no index looks into so many calls at a time and goes on from there.</summary>
[Collection(nameof(Browser))]
public sealed class HeaderSearchTests(Browser browser) : IAsyncLifetime
{
    private const int Calls = 800;
    private const string Rare = "header.X-Customer-ID=42&from=2026-11-22&to=2026-11-23";

    private static readonly DateTimeOffset s_begin = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private ServedStore _console = null!;

    // A call a second, of which the first, and so the last to be looked at, and one in the middle have the header.
    public async Task InitializeAsync()
    {
        _console = await ServedStore.StartAsync(time: new SlowMachine());
        var sample = new SampleCall(1).Started;
        await _console.AppendAsync(Enumerable.Range(0, Calls).Select(n => sample with
        {
            EventId = Guid.CreateVersion7(),
            CallId = Guid.CreateVersion7(s_begin.AddSeconds(n)),
            SipCallId = $"header-{n}",
            OccurredAt = s_begin.AddSeconds(n),
            Headers = [new SipHeader("X-Customer-ID", n is 0 or 400 ? "42" : $"{n + 1_000}")],
        }));
    }

    public async Task DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task A_request_looks_into_so_many_calls_says_how_far_it_came_and_next_goes_on_there_until_all_are_found()
    {
        var (found, reached, after) = (new List<string>(), new List<DateTimeOffset?>(), "");
        do
        {
            var page = await _console.Client.JsonAsync($"/api/calls?{Rare}{after}");
            found.AddRange(page.GetProperty("calls").EnumerateArray().Select(call => call.GetProperty("sipCallId").GetString()!));
            reached.Add(page.TryGetProperty("searchedTo", out var to) ? to.GetDateTimeOffset() : null);
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(["header-400", "header-0"], found);
        Assert.Equal([s_begin.AddSeconds(550), s_begin.AddSeconds(300), s_begin.AddSeconds(50), null], reached);
    }

    [Fact]
    public async Task What_is_exported_has_them_all()
    {
        string csv = await _console.Client.GetStringAsync($"/api/calls.csv?{Rare}");
        Assert.Equal(["header-400", "header-0"], csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[1]));
        Assert.Contains("header-400", await _console.Client.GetStringAsync($"/api/calls.csv?{Rare}&limit=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_all_was_looked_at_nothing_is_said_of_it()
    {
        foreach (string query in (string[])["header.X-Customer-ID=42&from=2026-11-22T12:06:00Z&to=2026-11-22T12:07:00Z", "limit=5"])
            Assert.False((await _console.Client.JsonAsync($"/api/calls?{query}")).TryGetProperty("searchedTo", out _), query);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task The_page_goes_on_by_itself_until_there_is_nothing_left_and_who_has_no_scripts_has_a_link(ColorScheme scheme, int width)
    {
        await using var tab = await browser.OpenAsync(_console.Address, "/calls", scheme, width);
        await tab.Page.Locator("input[name=header]").FillAsync("X-Customer-ID: 42");
        await tab.Page.Locator("input[name=from]").FillAsync("2026-11-22");
        await tab.Page.Locator("input[name=to]").FillAsync("2026-11-23");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();

        await Assertions.Expect(tab.Page.Locator("table.calls tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(tab.Page.Locator("#further")).ToHaveTextAsync("There are no older ones.");
        await Assertions.Expect(tab.Page.Locator("table.calls caption")).ToHaveTextAsync("2 calls, the newest first; times are UTC");
        await Assertions.Expect(tab.Page.Locator("input[name=header]")).ToHaveValueAsync("X-Customer-ID: 42");
        await tab.MustBeForEverybodyAsync($"search-header-{scheme}");
        Assert.Empty(tab.Errors);

        string html = await _console.Client.GetStringAsync($"/calls?{Rare}");
        Assert.Contains("Look into older ones", html, StringComparison.Ordinal);
        Assert.Contains("/api/calls.csv?header.X-Customer-ID=42", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_without_a_value_is_refused_in_words()
    {
        string html = await _console.Client.GetStringAsync("/calls?header=X-Customer-ID&from=2026-11-22");
        Assert.Contains("its name, a colon and its whole value", html, StringComparison.Ordinal);
    }

    // Each look at the clock is late: one slice is all there is time for.
    private sealed class SlowMachine : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _ticks);
    }
}
