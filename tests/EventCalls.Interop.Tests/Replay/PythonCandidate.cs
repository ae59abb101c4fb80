using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Replay;

/// <summary>Calls made by SIPp, taken out of the store without their callers, and decided again by a web service in Python.</summary>
public sealed class PythonCandidate
{
    private const int Calls = 60;

    private const string Logic = """
        public sealed class Desks : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["tier"] = conv.SipHeaders["X-Tier"];
                return conv.SipHeaders["X-Tier"] == "gold" ? Handoff.Reject(603) : Handoff.Redirect($"sip:desk{conv.CalleeNumber[^1]}@example.com");
            }
        }
        """;

    // The same, but for silver; and it is told that nobody is called.
    private const string Function = """
        def start_function(conv):
            assert conv.posted["replay"] is True
            tier = conv.sip_headers.get("x-tier")
            conv.state.tier = tier
            if tier == "gold":
                return {"handoff": {"reject": {"status": 603}}}
            desk = "sip:silver@example.com" if tier == "silver" else f"sip:desk{conv.callee_number[-1]}@example.com"
            return {"handoff": {"redirect": {"contacts": [desk]}}}
        """;

    [Fact]
    public async Task An_anonymized_history_of_real_calls_changes_by_it_exactly_where_it_decides_otherwise()
    {
        string folder = Directory.CreateTempSubdirectory("eventcalls-python-").FullName;
        string logic = Write(folder, "logic", "Desks.cs", Logic), functions = Write(folder, "functions", "start_function.py", Function), history = Path.Combine(folder, "calls.history");
        string[] tiers = ["gold", "silver", "bronze"];
        string[][] rows = [.. Enumerable.Range(0, Calls).Select(i => new[] { $"+1555010{i:0000}", tiers[i % 3] })];
        await using var process = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            More = new Dictionary<string, string> { ["Routing__Logic"] = logic, ["Routing__DeadlineMs"] = "30000" },
        });
        var sipp = await SippRun.RunAsync(new SippOptions { Scenario = Scenarios.File("call-of-a-table"), Remote = process.SipAddress, Calls = Calls, Rate = 20, Limit = Calls, CallIdPrefix = "python", Rows = rows, ReceiveTimeoutMs = 60_000, Timeout = TimeSpan.FromMinutes(2) });
        Assert.True(sipp.Succeeded, $"{sipp}\n{process.Describe()}");
        for (int i = 1; i <= Calls; i++)
            await process.UntilStoredAsync($"python-{i}@127.0.0.1", call => call.EndedAt is not null, TimeSpan.FromMinutes(1));

        var exported = await process.CommandAsync("history", "export", history, "--anonymize", "--keep-header", "X-Tier");
        Assert.Equal((0, $"{Calls} calls written to {history}."), (exported.ExitCode, exported.Errors.Trim()));
        await using var python = ChildProcess.Start("python3", ["-B", Path.Combine(Root(), "docs", "examples", "python-functions", "serve.py"), functions, "--port", "0"]);
        string line = await python.WaitForLineAsync(l => l.StartsWith("listening on ", StringComparison.Ordinal), TimeSpan.FromSeconds(30), CancellationToken.None);
        string file = Path.Combine(folder, "report.json");
        var replayed = await process.CommandAsync(
            "replay", "--history", history, "--webhook", line["listening on ".Length..].Trim(), "--json", file, "--fail-on", "changed>0 where header.X-Tier=bronze", "--fail-on", "changed>0 where header.X-Tier=silver", $"--EventCalls:Store:Sqlite={Path.Combine(folder, "none", "calls.db")}");

        Assert.True(File.Exists(file), replayed.Errors);
        var report = JsonElement.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal((Calls, Calls * 2 / 3, Calls / 3, 0, 0), (Number(report, "calls"), Number(report, "same"), Number(report, "changed"), Number(report, "errors"), Number(report, "notReplayable")));
        Assert.All(report.GetProperty("changes").EnumerateArray(), change => Assert.Equal("sip:silver@example.com", change.GetProperty("fields").GetProperty("target").GetProperty("now").GetString()));
        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains($"changed>0 where header.X-Tier=silver: {Calls / 3} of {Calls / 3} calls", replayed.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Tier=bronze:", replayed.Errors, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static string Write(string folder, string name, string file, string text)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(path, file), text);
        return path;
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventCalls.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
