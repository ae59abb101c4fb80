using System.Globalization;
using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Replay;

/// <summary>A history made by SIPp through the running service, replayed against other logic whose true difference is computed from SIPp's own table.</summary>
public sealed class ReplayedHistory
{
    private const int Calls = 10_000;
    private const string Prefix = "history";

    // The same plan as text for the program and as a function for the test: tier, then the last digit, decide.
    private sealed record Plan(string Tier, int RefusedBelow, string NineGoesTo)
    {
        public string Source => $$"""
            public sealed class Plan : RoutingLogic
            {
                public override Decision Start(Conversation conv)
                {
                    conv.State["tier"] = conv.SipHeaders["X-Tier"];
                    if (conv.SipHeaders["X-Tier"] == "{{Tier}}")
                        return conv.GotoFlow("blocked");
                    int digit = conv.CalleeNumber[^1] - '0';
                    if (digit < {{RefusedBelow.ToString(CultureInfo.InvariantCulture)}})
                        return Handoff.Reject(404);
                    return Handoff.Redirect(digit == 9 ? "{{NineGoesTo}}" : $"sip:desk{digit}@example.com");
                }

                [Flow("blocked")]
                public Decision Blocked(Conversation conv) => Handoff.Reject(603);
            }
            """;

        public string Outcome(string[] row)
        {
            int digit = row[0][^1] - '0';
            return row[1] == Tier ? "603" : digit < RefusedBelow ? "404" : digit == 9 ? NineGoesTo : $"desk{digit}";
        }
    }

    [Fact]
    public async Task Ten_thousand_calls_change_exactly_where_SIPps_own_table_says_and_nowhere_with_the_same_logic()
    {
        var was = new Plan("gold", 3, "sip:night@example.com");
        var now = new Plan("silver", 4, "sip:day@example.com");
        string folder = Directory.CreateTempSubdirectory("eventcalls-history-").FullName;
        string[] logic = [Write(folder, "was", was), Write(folder, "now", now)];
        var random = new Random(5);
        string[] tiers = ["gold", "silver", "bronze"];
        string[][] rows = [.. Enumerable.Range(0, Calls).Select(_ => new[] { $"+1555{random.Next(100_000):00000}", tiers[random.Next(3)] })];
        await using var process = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            More = new Dictionary<string, string> { ["Routing__Logic"] = logic[0], ["Routing__DeadlineMs"] = "30000", ["Routing__TimeLimitMs"] = "5000" },
        });

        var sipp = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-of-a-table"),
            Remote = process.SipAddress,
            Calls = Calls,
            Rate = 250,
            Limit = 2_000,
            CallIdPrefix = Prefix,
            Rows = rows,
            KeepMessages = false,
            ReceiveTimeoutMs = 60_000,
            Timeout = TimeSpan.FromMinutes(5),
        });
        Assert.True(sipp.Succeeded, $"{sipp}\n{process.Describe()}");
        await process.EndedCallAsync($"{Prefix}-{Calls}@127.0.0.1", TimeSpan.FromMinutes(1));
        var same = await ReplayAsync(process, logic[0], Path.Combine(folder, "same.json"));
        var changed = await ReplayAsync(process, logic[1], Path.Combine(folder, "changed.json"));
        var gated = await process.CommandAsync("replay", "--logic", logic[1], "--fail-on", "changed>5%");

        Assert.Equal((Calls, Calls, 0), (Number(same, "calls"), Number(same, "same"), Number(same, "changed")));
        var expected = Enumerable.Range(0, Calls).Where(i => was.Outcome(rows[i]) != now.Outcome(rows[i])).Select(i => $"{Prefix}-{i + 1}@127.0.0.1").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected.Count, Number(changed, "changed"));
        Assert.Equal(Calls - expected.Count, Number(changed, "same"));
        Assert.Equal(expected, changed.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("sipCallId").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(1, gated.ExitCode);
        Assert.Contains($"changed>5%: {expected.Count} of {Calls} calls changed", gated.Errors, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static string Write(string folder, string name, Plan plan)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "Plan.cs"), plan.Source);
        return path;
    }

    private static async Task<JsonElement> ReplayAsync(EventCallsProcess process, string logic, string file)
    {
        var (_, errors, exitCode) = await process.CommandAsync("replay", "--logic", logic, "--json", file);
        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        return json.RootElement.Clone();
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
