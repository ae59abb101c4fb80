using System.Text.Json;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public class LogicCommandTests
{
    private const string Sales = """
        using EventCalls.Routing;

        public sealed class Sales : RoutingLogic
        {
            public override Decision Start(Conversation conv) => conv.GotoFlow("sales");

            [Flow("sales")]
            public Decision Sell(Conversation conv)
            {
                conv.State["tier"] = conv.SipHeaders["X-Tier"] ?? "none";
                return Handoff.Invite("+12222222", outboundEndpoint: "pstn");
            }
        }
        """;

    [Fact]
    public async Task Logic_that_can_be_used_is_told_with_its_version_and_flows()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "check", folder));

        Assert.Equal("The logic can be used: Sales", run.OutLines[0]);
        Assert.Matches("^version  sha256:[0-9a-f]{64}$", run.OutLines[1]);
        Assert.Equal("flows    sales", run.OutLines[2]);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Logic_that_does_not_compile_is_refused_with_file_line_and_column()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales.Replace("return Handoff", "retrun Handoff", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "check", folder));

        Assert.Matches(@"(?m)^Sales\.cs\(11,\d+\): .+ \[CS\d+\]$", run.Error);
        Assert.Matches(@"\nThe routing logic in .+ cannot be used: \d+ diagnostics?\.\n$", run.Error);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_check_as_JSON_has_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, "class Broken");

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "check", folder, "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(["ok", "version", "flows", "diagnostics"], Names(json.RootElement));
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        var diagnostic = json.RootElement.GetProperty("diagnostics")[0];
        Assert.Equal(["file", "line", "column", "id", "message"], Names(diagnostic));
        Assert.Equal("Sales.cs", diagnostic.GetProperty("file").GetString());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_new_project_is_written_and_its_cases_pass()
    {
        await using var run = new CommandRun();
        var folder = Path.Combine(Path.GetDirectoryName(Logic(run, Sales))!, "project");

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "new", folder));
        Assert.Contains("routing/SupportLine.cs", run.OutLines);
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "new", folder));
        Assert.Contains("is there already", run.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "test", Path.Combine(folder, "routing")));
        Assert.Contains("passed  cases/support-line.json  a gold customer reaches the desk", run.OutLines);
        Assert.Contains("4 of 4 passed", run.OutLines);
    }

    [Fact]
    public async Task A_case_that_comes_out_otherwise_fails_with_what_was_expected()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);
        Directory.CreateDirectory(Path.Combine(folder, "cases"));
        File.WriteAllText(
            Path.Combine(folder, "cases", "a.json"), """{ "cases": [{ "name": "sold", "call": { "caller": "1", "callee": "2" }, "expect": { "flow": "support" } }] }""");

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "test", folder));

        Assert.Equal("FAILED  cases/a.json  sold", run.OutLines[0]);
        Assert.Equal("        flow: expected \"support\", got \"sales\"", run.OutLines[1]);
        Assert.Equal("0 of 1 passed", run.OutLines[^1]);
    }

    [Fact]
    public async Task Cases_as_JSON_have_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);
        Directory.CreateDirectory(Path.Combine(folder, "cases"));
        File.WriteAllText(
            Path.Combine(folder, "cases", "a.json"), """{ "cases": [{ "name": "sold", "call": { "caller": "1", "callee": "2" }, "expect": { "flow": "sales" } }] }""");

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "test", folder, "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(["ok", "logicVersion", "passed", "failed", "cases", "error", "diagnostics"], Names(json.RootElement));
        Assert.Equal(["file", "name", "passed", "differences"], Names(json.RootElement.GetProperty("cases")[0]));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said_to_be()
    {
        await using var run = new CommandRun();

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "check", "nowhere"));

        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_decided_and_how_is_told()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);

        Assert.Equal(ExitCodes.Done, await run.RunAsync(
            "logic", "try", folder, "--caller", "+15551234567", "--callee", "+15557654321", "--header", "X-Tier: gold", "--header", "X-Other: a:b"));

        Assert.Equal("Flow       sales", run.OutLines[0]);
        Assert.Equal("Decided by Sales.Sell (Sales.cs:11)", run.OutLines[1]);
        Assert.Contains("Read       sip_headers.X-Tier = gold", run.OutLines);
        Assert.Contains("""      "phone_number": "+12222222",""", run.OutLines);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_decision_as_JSON_has_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "try", folder, "--caller", "+15551234567", "--callee", "+15557654321", "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(
            ["ok", "logicVersion", "flow", "flowChain", "decidedBy", "decision", "reads", "log", "metrics", "elapsedMicroseconds", "failure", "diagnostics"],
            Names(json.RootElement));
        Assert.Equal(
            """{"flow":"sales","state":{"tier":"none"},"handoff":{"invite":{"phone_number":"+12222222","outbound_endpoint":"pstn"}}}""",
            json.RootElement.GetProperty("decision").GetRawText());
        Assert.Equal("""[{"what":"sip_headers.X-Tier","value":null}]""", json.RootElement.GetProperty("reads").GetRawText());
    }

    [Fact]
    public async Task State_time_and_trunk_reach_the_logic()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, """
            using EventCalls.Routing;

            public sealed class Sales : RoutingLogic
            {
                public override Decision Start(Conversation conv) =>
                    Handoff.Bye($"{conv.State["tier"]} {conv.Now:yyyy-MM-ddTHH:mm}");
            }
            """);

        await run.RunAsync(
            "logic", "try", folder, "--caller", "1", "--callee", "2", "--state", """{"tier":"gold"}""", "--at", "2026-12-24T20:00", "--trunk", "backup", "--json");

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal("gold 2026-12-24T20:00", json.RootElement.GetProperty("decision").GetProperty("handoff").GetProperty("bye").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_call_is_decided_as_after_a_failed_transfer()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales);

        await run.RunAsync("logic", "try", folder, "--caller", "1", "--callee", "2", "--after-transfer", "busy", "--json");

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(486, json.RootElement.GetProperty("decision").GetProperty("handoff").GetProperty("reject").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_decision_that_fails_is_told_with_its_cause()
    {
        await using var run = new CommandRun();
        var folder = Logic(run, Sales.Replace("GotoFlow(\"sales\")", "GotoFlow(\"sails\")", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "try", folder, "--caller", "1", "--callee", "2"));

        Assert.StartsWith("The decision failed, unknown_flow: There is no flow 'sails': the logic has sales.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_is_checked_where_trunks_are_configured()
    {
        await using var run = new CommandRun();
        run.Configure("Trunks:other:To:0", "sip:192.0.2.1:5060");
        var folder = Logic(run, Sales);

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "try", folder, "--caller", "1", "--callee", "2"));

        Assert.Contains("pstn", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--header", "no colon", "--header is 'no colon'; expected a name, a colon and a value such as \"X-Customer-ID: 42\"")]
    [InlineData("--state", "[1]", "--state is '[1]'; expected a JSON object such as {\"tier\":\"gold\"}")]
    [InlineData("--state", "{", "--state is '{'; expected a JSON object such as {\"tier\":\"gold\"}: ")]
    [InlineData("--at", "noon", "--at is 'noon'; expected a date or a time in UTC")]
    [InlineData("--after-transfer", "answered", "--after-transfer is 'answered'; expected one of busy, ")]
    public async Task A_value_that_is_none_is_named_with_what_would_be_right(string option, string value, string message)
    {
        await using var run = new CommandRun();

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("logic", "try", ".", "--caller", "1", "--callee", "2", option, value));

        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
    }

    private static string Logic(CommandRun run, string source)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "logic")).FullName;
        File.WriteAllText(Path.Combine(folder, "Sales.cs"), source);
        return folder;
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);
}
