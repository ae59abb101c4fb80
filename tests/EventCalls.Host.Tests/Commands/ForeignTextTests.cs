using System.CommandLine;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;
using EventCalls.Store;
using EventCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace EventCalls.Host.Tests.Commands;

/// <summary>What a peer sent is shown by every command, and acts on nothing: no terminal, no log, no spreadsheet, no page.</summary>
public class ForeignTextTests
{
    private const string Logic = """
        using EventCalls.Routing;

        public sealed class Echo : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["who"] = conv.CallerNumber;
                return conv.GotoFlow("echo");
            }

            [Flow("echo")]
            public Decision Sell(Conversation conv) => Handoff.Invite(conv.CallerNumber, outboundEndpoint: "pstn").WithHeader("X-Who", conv.CalleeNumber);
        }
        """;

    // What begins a service, or plays calls of its own.
    private static readonly string[] s_others = ["run", "demo"];

    [Fact]
    public async Task No_command_lets_a_hostile_call_act_on_a_terminal_a_file_or_a_page()
    {
        await using var run = new CommandRun();
        run.Configure("Trunks:pstn:To:0", "sip:127.0.0.1:5080");
        run.Configure("Trunks:carrier:From:0", "127.0.0.0/8");
        var calls = await StoreAsync(run);
        string id = calls[0].CallId.ToString();
        string good = Folder(run, "good", "Echo.cs", Logic);
        string bad = Folder(run, "bad", "a\u001b[31m\u202E.cs", "class \u202E { \u001b[31m");
        string table = await TableAsync(run);
        string capture = await CaptureAsync(run);
        string In(string name) => Path.Combine(run.Folder, name);
        string[][] walks =
        [
            ["calls", "list"], ["calls", "list", "--json"], ["calls", "list", "--caller", HostileCall.Text], ["calls", "show", id], ["calls", "show", id, "--json"],
            ["calls", "show", id, "--at", "3"], ["calls", "show", id, "--at", "3", "--json"], ["calls", "show", HostileCall.Text], ["calls", "show", id, "--at", HostileCall.Text],
            ["calls", "explain", id], ["calls", "explain", id, "--json"], ["calls", "fork", id, "--logic", good], ["calls", "fork", id, "--logic", good, "--json"], ["calls", "fork", id, "--logic", bad],
            ["calls", "to-sipp", id, "--out", In("sipp")], ["calls", "to-sipp", id, "--out", In("sipp2"), "--json"], ["calls", "to-sipp", id, "--out", "\u001b[31m/\u0007"],
            ["calls", "export"], ["calls", "export", "--output", In("export.json")], ["calls", "export", "--output", In("\u001b[31m/x")],
            ["import", table, capture, "--dry-run"], ["import", table, capture, "--json"], ["import", table, "--map", HostileCall.Text], ["import", table, "--time-format", HostileCall.Text],
            ["replay", "--logic", good], ["replay", "--logic", good, "--json", "-"], ["replay", "--logic", good, "--html", "-"], ["replay", "--logic", good, "--csv", "-"],
            ["replay", "--logic", good, "--json", In("r.json"), "--html", In("r.html"), "--csv", In("r.csv")], ["replay", "--logic", bad], ["replay", "--logic", good, "--where", HostileCall.Text],
            ["replay", "--logic", good, "--call", HostileCall.Text], ["replay", "--logic", good, "--fail-on", "moved:" + HostileCall.Text],
            ["logic", "check", bad], ["logic", "check", bad, "--json"], ["logic", "check", good], ["logic", "try", good, "--caller", HostileCall.Text, "--callee", HostileCall.Text],
            ["logic", "try", good, "--caller", HostileCall.Text, "--callee", HostileCall.Text, "--json"], ["logic", "try", bad, "--caller", "1", "--callee", "2"],
            ["doctor"], ["doctor", "--json"], ["doctor", $"--EventCalls:Sip:Listen={HostileCall.Text}"], [$"--EventCalls:{HostileCall.Text}=1", "calls", "list"], [HostileCall.Text], ["calls", HostileCall.Text],
        ];
        foreach (string[] walk in walks)
        {
            run.Forget();
            await run.RunAsync(walk);
            Harmless(run.Out, walk);
            Harmless(run.Error, walk);
        }
        foreach (string path in Leaves(Root(), "").Where(leaf => !s_others.Contains(leaf)))
        {
            bool isWalked = walks.Any(walk => string.Join(' ', walk).StartsWith(path, StringComparison.Ordinal));
            run.Forget();
            if (!isWalked)
                await run.RunAsync([.. path.Split(' '), HostileCall.Text]);
            Harmless(run.Out + run.Error, [path]);
        }
        foreach (string file in Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".html" or ".csv" or ".sh" or ".md" && f != table))
            Harmless(await File.ReadAllTextAsync(file), [file]);
    }

    [Fact]
    public async Task What_machines_read_says_the_same_as_was_recorded()
    {
        await using var run = new CommandRun();
        var calls = await StoreAsync(run);
        await run.RunAsync("calls", "list", "--json");
        using (var row = JsonDocument.Parse(run.OutLines[^1]))
            Assert.Equal(((CallStarted)calls[0]).CallerNumber, row.RootElement.GetProperty("caller").GetString());
        run.Forget();
        await run.RunAsync("calls", "show", calls[0].CallId.ToString(), "--json");

        using var shown = JsonDocument.Parse(Assert.Single(run.OutLines));
        var events = shown.RootElement.GetProperty("events").EnumerateArray().Select(e => CallEventCodec.Read(e.GetProperty("type").GetString()!, Encoding.UTF8.GetBytes(e.GetProperty("data").GetRawText())));
        Assert.Equal(calls.OfType<CallStarted>().Single().Headers, events.OfType<CallStarted>().Single().Headers);
        Assert.Equal(calls.OfType<CallEnded>().Single().Reason, calls.OfType<CallEnded>().Single().Reason);
    }

    [Fact]
    public async Task No_cell_of_a_table_begins_a_formula_and_numbers_stay_numbers()
    {
        await using var run = new CommandRun();
        run.Configure("Trunks:pstn:To:0", "sip:127.0.0.1:5080");
        await StoreAsync(run);
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(2));
        await run.RunAsync("replay", "--logic", Folder(run, "good", "Echo.cs", Logic.Replace("Handoff.Invite(conv.CallerNumber", "Handoff.Invite(\"+1999\"", StringComparison.Ordinal).Replace("conv.CalleeNumber", "\"x\"", StringComparison.Ordinal)), "--csv", "-");

        var rows = Rows(run.Out)[1..];
        Assert.Equal(2, rows.Count);
        foreach (string cell in rows.SelectMany(row => row).Where(cell => cell.Length > 0))
            Assert.True(!"=+-@".Contains(cell[0]) || cell[1..].All(char.IsAsciiDigit), cell);
        Assert.Contains(rows, row => row.Contains("+15551234567"));
    }

    /// <summary>The cells of each row; what stands in quotes may hold commas and line ends (RFC 4180).</summary>
    private static List<List<string>> Rows(string csv)
    {
        var rows = new List<List<string>> { new() };
        var cell = new StringBuilder();
        bool isQuoted = false;
        foreach (char c in csv)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (isQuoted || c is not (',' or '\r' or '\n'))
                cell.Append(c);
            else if (c != '\r')
            {
                rows[^1].Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                    rows.Add([]);
            }
        }
        return rows[..^1];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_entry_of_the_log_lets_it_act_or_forge_a_line(bool isJson)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => RunCommand.Configure(logging, LogLevel.Trace, isJson, TimeProvider.System));
        using var provider = services.BuildServiceProvider();
        string name = provider.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName ?? "";
        var formatter = provider.GetServices<ConsoleFormatter>().Single(f => f.Name == name);
        var written = new StringWriter();
        var entry = new LogEntry<string>(
            LogLevel.Warning, "EventCalls.Sip", 7, HostileCall.Text, new InvalidOperationException(HostileCall.Text, new FormatException(HostileCall.Text)), (state, _) => $"from {state}");
        formatter.Write(in entry, null, written);

        Assert.False(PlainText.HasUnsafe(written.ToString()), written.ToString());
        string line = Assert.Single(written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (isJson)
            Assert.Equal($"from {HostileCall.Text}", JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString());
        else
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn: EventCalls\.Sip\[7\] from =cmd", line);
    }

    private static void Harmless(string text, string[] walk)
    {
        Assert.False(PlainText.HasUnsafe(text), $"{string.Join(' ', walk)}\n{Uri.EscapeDataString(text)}");
        Assert.DoesNotContain("<script>alert", Path.GetExtension(walk[^1]) == ".html" || (walk.Contains("--html") && walk[^1] == "-") ? text : "", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<CallEvent>> StoreAsync(CommandRun run)
    {
        var events = HostileCall.Of(RecordedCalls.ReferredThenBridged().Events);
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = run.Database });
        await store.MigrateAsync(default);
        Assert.Empty((await store.AppendAsync([.. events.Select(EventToAppend.Of)], default)).Waiting);
        return events;
    }

    private static string Folder(CommandRun run, string name, string file, string source)
    {
        string folder = Directory.CreateDirectory(Path.Combine(run.Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, file), source);
        return folder;
    }

    private static async Task<string> TableAsync(CommandRun run)
    {
        string path = Path.Combine(run.Folder, "\u001b[31m\u202Ecdr.csv");
        string cell = $"\"{HostileCall.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await File.WriteAllTextAsync(path, $"started_at,caller,callee,outcome,{cell}\n{cell},{cell},{cell},{cell},1\n2026-01-31T13:00:00Z,{cell},{cell},,1\n");
        return path;
    }

    private static async Task<string> CaptureAsync(CommandRun run)
    {
        string path = Path.Combine(run.Folder, "\u001b[31m\u202E.pcap");
        string one = HostileCall.Text.ReplaceLineEndings(" ");
        var wire = new WireCall(CaptureBytes.Pcap()).Request(WireCall.Carrier, WireCall.Us, "INVITE", caller: "x%1b%5b31m\u202E", more: $"Subject: {one}\r\n").Response(WireCall.Us, WireCall.Carrier, $"486 {one}");
        await File.WriteAllBytesAsync(path, wire.Bytes);
        return path;
    }

    private static RootCommand Root() =>
        CommandLine.Create(new CommandContext(CommandLineOverrides.Take([], out _), Environment.CurrentDirectory, TextWriter.Null, TextWriter.Null, TimeProvider.System));

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));
}
