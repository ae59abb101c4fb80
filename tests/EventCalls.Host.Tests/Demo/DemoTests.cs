using System.Text.Json;
using System.Text.RegularExpressions;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;
using EventCalls.Simulation.Live;

namespace EventCalls.Host.Tests.Demo;

public sealed partial class DemoTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly HashSet<string> _stores = [];

    [Fact]
    public async Task Every_call_of_a_demo_ends_as_expected_and_its_JSON_says_so()
    {
        int calls = ScenarioList.All.Count;
        int exit = await RunAsync("demo", "--json", "--calls", $"{calls}");

        Assert.Equal(("", 0), (_error.ToString(), exit));
        var line = Assert.Single(Lines(_out));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(
            ["calls", "ended", "asExpected", "outcomes", "flows", "store", "logicVersion"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal((calls, calls, calls), (Number("calls"), Number("ended"), Number("asExpected")));
        Assert.Equal(calls, Sum("outcomes"));
        Assert.Equal(calls, Sum("flows"));
        foreach (var outcome in new[] { "answered", "accepted", "not_found", "unreachable", "no_notify", "caller_hung_up" })
            Assert.True(json.RootElement.GetProperty("outcomes").TryGetProperty(outcome, out _), outcome);
        Assert.True(File.Exists(json.RootElement.GetProperty("store").GetString()));
        Assert.Matches("^sha256:[0-9a-f]{64}$", json.RootElement.GetProperty("logicVersion").GetString());

        int Number(string name) => json.RootElement.GetProperty(name).GetInt32();
        int Sum(string name) => json.RootElement.GetProperty(name).EnumerateObject().Sum(p => p.Value.GetInt32());
    }

    [Fact]
    public async Task A_call_that_ends_otherwise_than_expected_is_named_and_makes_the_exit_code_1()
    {
        var rejected = ScenarioList.All.First(s => s.Expected.Handoff == HandoffMethod.Reject);
        var options = new DemoOptions(2, 1) { Scenarios = [rejected, rejected with { Name = "another end", Expected = rejected.Expected with { Status = 486 } }] };
        int exit = await NoteStoreAsync(DemoCommand.RunAsync(Context(), options, json: true, CancellationToken.None));

        Assert.Equal(ExitCodes.NotSo, exit);
        using var json = JsonDocument.Parse(_out.ToString());
        Assert.Equal((2, 2, 1), (Number("calls"), Number("ended"), Number("asExpected")));
        Assert.Contains("Call 2, another end:", _error.ToString());
        Assert.Contains("status is 603, expected 486", _error.ToString());
        Assert.DoesNotContain("Call 1,", _error.ToString());

        int Number(string name) => json.RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Its_output_fits_100_columns_has_no_colours_and_ends_with_commands_that_work()
    {
        Assert.Equal(0, await RunAsync("demo", "--calls", "3", "--seed", "7"));

        var lines = Lines(_out);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
        Assert.DoesNotContain('\u001b', _out.ToString());
        Assert.Equal(3, lines.Count(l => l.Contains('→', StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.StartsWith("3 of 3 calls as expected", StringComparison.Ordinal));

        var commands = PrintedCommands.In(lines);
        Assert.Equal(2, commands.Count);
        foreach (var command in commands)
            Assert.Equal(0, await RunAsync(command));
        Assert.Equal(3, (await OutputOfAsync([.. commands[0], "--json"])).Count);
        Assert.Contains("call_ended", Assert.Single(await OutputOfAsync([.. commands[1], "--json"])));
    }

    [Fact]
    public async Task A_demo_that_is_stopped_hangs_up_and_names_the_calls_that_are_missing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        int exit = await NoteStoreAsync(DemoCommand.RunAsync(Context(), new DemoOptions(2, 1), json: true, stop.Token));

        Assert.Equal(ExitCodes.NotSo, exit);
        Assert.Contains("\"ended\":0,\"asExpected\":0", _out.ToString());
        Assert.Contains("Calls 1 to 2 were not made", _error.ToString());
    }

    [Fact]
    public async Task A_demo_that_stays_shows_its_calls_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        using var shown = new AnnouncingWriter("Open, until Ctrl+C ends it:", "handed over from its page.\n");
        var context = new CommandContext(new CommandLineOverrides([], null), AppContext.BaseDirectory, shown, _error, TimeProvider.System);
        var staying = DemoCommand.RunAsync(context, new DemoOptions(2, 1), json: false, stop.Token, stays: true);

        await Task.WhenAny(shown.Announced, staying).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(staying.IsCompleted, shown.ToString());
        string said = shown.ToString();
        Assert.Contains("2 of 2 calls as expected", said);
        Assert.All(said.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        using var client = new HttpClient();
        var addresses = Address().Matches(said[said.IndexOf("Open, until", StringComparison.Ordinal)..]).Select(m => m.Value).ToList();
        Assert.Equal(6, addresses.Count);
        foreach (string address in addresses)
            Assert.NotEmpty(await client.GetStringAsync(new Uri(address)));
        Assert.Contains("\"calls\":[{", await client.GetStringAsync(new Uri(new Uri(addresses[0]), "/api/calls")));
        await HandOverAsync(client, new Uri(addresses[0]));

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Done, await staying.WaitAsync(TimeSpan.FromMinutes(1)));
        _stores.Add(StorePath().Match(said).Value);
        Assert.Equal("", _error.ToString());
        Assert.Equal(said, shown.ToString());
    }

    // Somebody calls on, and whoever is connected can be sent elsewhere.
    private static async Task HandOverAsync(HttpClient client, Uri console)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await look.WaitForNextTickAsync(limit.Token))
        {
            using var live = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri(console, "/api/live/calls"), limit.Token));
            foreach (var call in live.RootElement.GetProperty("calls").EnumerateArray())
            {
                using var content = new StringContent("""{"handoff":{"invite":{"phone_number":"4900","outbound_endpoint":"pstn"}}}""", System.Text.Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync(new Uri(console, $"/api/calls/{call.GetProperty("callId").GetString()}/handoff"), content, limit.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
        }
    }

    [Fact]
    public async Task What_stays_has_no_JSON()
    {
        Assert.Equal(ExitCodes.BadUsage, await RunAsync("demo", "--stay", "--json"));
        Assert.Contains("--stay: is for people", _error.ToString());
    }

    [Theory]
    [InlineData("--calls", "0", "1 to 10000 are possible")]
    [InlineData("--calls", "10001", "1 to 10000 are possible")]
    [InlineData("--calls", "many", "many")]
    [InlineData("--EventCalls:Node=x", null, "--EventCalls:Node: the demo configures itself")]
    [InlineData("--config", "other.json", "--config other.json: the demo configures itself")]
    public async Task What_it_cannot_do_is_bad_usage(string argument, string? value, string said)
    {
        Assert.Equal(ExitCodes.BadUsage, await RunAsync(["demo", argument, .. value is null ? Array.Empty<string>() : [value]]));
        Assert.Contains(said, _error.ToString());
        Assert.Equal("", _out.ToString());
    }

    public void Dispose()
    {
        // A demo keeps its store for whoever played it; here that is nobody any more.
        foreach (string store in _stores)
            Directory.Delete(Path.GetDirectoryName(store)!, recursive: true);
    }

    private static List<string> Lines(StringWriter text) =>
        [.. text.ToString().TrimEnd('\n').Split('\n').Select(l => l.TrimEnd('\r'))];

    private async Task<List<string>> OutputOfAsync(string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync(arguments));
        return Lines(_out);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        NoteStoreAsync(CommandLine.RunAsync(arguments, AppContext.BaseDirectory, _out, _error, TimeProvider.System));

    private async Task<int> NoteStoreAsync(Task<int> run)
    {
        int exit = await run;
        foreach (Match store in StorePath().Matches(_out.ToString()))
            _stores.Add(store.Value);
        return exit;
    }

    [GeneratedRegex(@"[^\s""=]+eventcalls-demo-\w+[/\\]+calls\.db")]
    private static partial Regex StorePath();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\S*")]
    private static partial Regex Address();

    private CommandContext Context() => new(new CommandLineOverrides([], null), AppContext.BaseDirectory, _out, _error, TimeProvider.System);
}
