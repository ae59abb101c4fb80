using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Json;
using EventCalls.Store;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed class ReportJsonTests
{
    [Fact]
    public void The_object_has_exactly_what_the_schema_says()
    {
        using var report = Write(Rich());

        Assert.Empty(new JsonSchema(Schema()).Problems(report.RootElement));
    }

    [Fact]
    public void An_empty_report_fits_the_schema_too()
    {
        using var report = Write([]);

        Assert.Empty(new JsonSchema(Schema()).Problems(report.RootElement));
    }

    [Fact]
    public void The_schema_refuses_what_is_otherwise()
    {
        var schema = new JsonSchema(Schema());
        var json = Text(Rich());
        foreach (var (was, now) in (IEnumerable<(string, string)>)[("\"calls\": ", "\"count\": "), ("\"finding\": \"found\"", "\"finding\": \"perhaps\""), ("\"retry\": 0", "\"retry\": -1"), ("\"confidence\": 0.95", "\"confidence\": 0.5")])
        {
            Assert.Contains(was, json, StringComparison.Ordinal);
            using var wrong = JsonDocument.Parse(json.Replace(was, now, StringComparison.Ordinal));
            Assert.NotEmpty(schema.Problems(wrong.RootElement));
        }
    }

    [Fact]
    public void Tools_find_the_counts_the_flows_and_every_changed_call_with_its_fields()
    {
        using var report = Write(
        [
            Call(1, Decided("support", Invite("4100")), Decided("vip", Invite("4900")), outcomes: TransferOutcome.Busy),
            Call(2, Decided("support", Invite("4100"))),
            Call(3, Decided("support", Invite("4100"))) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, "no") { ExceptionType = "System.FormatException", File = "A.cs", Line = 7 } },
            Call(4, Decided("support", Invite("4100"))) with { Verdict = Verdict.NotReplayable, Unrecorded = "look-up rates of +1555" },
        ]);

        var root = report.RootElement;
        Assert.Equal([4, 1, 1, 1, 1], ((string[])["calls", "same", "changed", "errors", "notReplayable"]).Select(n => root.GetProperty(n).GetInt32()));
        Assert.Equal("sha256:" + new string('b', 64), root.GetProperty("baseline").GetString());
        Assert.Equal("sha256:" + new string('c', 64), root.GetProperty("candidate").GetString());
        Assert.Equal(
            """[{"from":"support","to":"support","calls":1},{"from":"support","to":"vip","calls":1}]""",
            JsonSerializer.Serialize(root.GetProperty("flows")));
        var change = Assert.Single(root.GetProperty("changes").EnumerateArray());
        Assert.Equal(new Guid(1, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]), change.GetProperty("callId").GetGuid());
        Assert.Equal(
            """{"flow":{"was":"support","now":"vip"},"target":{"was":"invite 4100 via pstn","now":"invite 4900 via pstn"}}""",
            JsonSerializer.Serialize(change.GetProperty("fields")));
        Assert.Equal(("busy", "support"), (change.GetProperty("outcome").GetString(), change.GetProperty("flow").GetProperty("was").GetString()));
        var error = Assert.Single(root.GetProperty("errorGroups").EnumerateArray());
        Assert.Equal(("System.FormatException", "A.cs", 7), (error.GetProperty("exceptionType").GetString(), error.GetProperty("file").GetString(), error.GetProperty("line").GetInt32()));
        Assert.Equal("look-up rates of +1555", root.GetProperty("notReplayableGroups")[0].GetProperty("unrecorded").GetString());
    }

    [Fact]
    public void A_report_with_everything_in_it_is_written_as_ever_byte_for_byte()
    {
        // What is written anew is looked at in the difference.
        if (Environment.GetEnvironmentVariable("EVENTCALLS_WRITE_DOCS") == "1")
        {
            foreach (string path in (string[])[Path.Combine(AppContext.BaseDirectory, "../../../Reports/report-with-everything.json"), Pinned])
                File.WriteAllText(path, WrittenEverything());
        }
        using var expected = JsonDocument.Parse(File.ReadAllText(Pinned));

        Assert.Empty(new JsonSchema(Schema()).Problems(expected.RootElement));
        Assert.Equal(File.ReadAllText(Pinned), WrittenEverything());
    }

    [Fact]
    public void Calls_that_match_nothing_are_told_apart_by_before_and_now()
    {
        var matched = Decided("support", Invite("4100"));
        var nothing = Decided("default", Reject(480)) with { ByDefault = true };
        var unmatched = Report(
        [
            Call(1, matched, nothing, callee: "+15550000001"), Call(2, nothing, matched), Call(3, nothing, matched), Call(4, nothing, callee: "+15550000001"), Call(5, matched),
        ]).MatchesNothing;

        Assert.Equal((3L, 2L, 2L, 1L), (unmatched.Was, unmatched.Now, unmatched.NoLonger, unmatched.Newly));
        Assert.Equal(new NumberCount("+15550000001", 2), Assert.Single(unmatched.Callees.Items));
    }

    [Fact]
    public void Errors_are_grouped_by_what_was_thrown_where()
    {
        ReplayedCall Error(int i, string type, int line) => Call(i, Decided("a", Invite("1"))) with
        {
            Verdict = Verdict.Error,
            Error = new ReplayError(RoutingFailureCause.LogicThrew, $"no {i}") { ExceptionType = type, File = "A.cs", Line = line },
        };
        var groups = Report([Error(1, "E", 7), Error(2, "E", 7), Error(3, "E", 8), Error(4, "F", 7)]).ErrorGroups.Items;

        Assert.Equal([("E", 7, 2L), ("E", 8, 1L), ("F", 7, 1L)], groups.Select(g => (g.ExceptionType!, g.Line!.Value, g.Calls)));
        Assert.Equal("no 1", groups[0].Message);
        Assert.Equal(2, groups[0].Examples.Count);
    }

    /// <summary>A report with something in every part of it.</summary>
    internal static List<ReplayedCall> Rich()
    {
        var (support, vip) = (Decided("support", Invite("4100")).With("branch", "North"), Decided("vip", Invite("4900"), Invite("7777")).With("branch", "South"));
        return
        [
            .. Enumerable.Range(0, 300).Select(i => Call(i, support, i % 5 == 0 ? vip : null, headers: i % 5 == 0 ? [("X-Tier", "gold")] : null, outcomes: i % 3 == 0 ? TransferOutcome.Busy : TransferOutcome.Answered)),
            .. Enumerable.Range(300, 40).Select(i => Call(i, Decided("vip", Invite("4900")), outcomes: i % 4 == 0 ? TransferOutcome.NoAnswer : TransferOutcome.Answered)),
            Call(400, Decided("default", Reject(480)) with { ByDefault = true }, Decided("support", Refer("sip:new@example.com"))),
            Call(401, support, Decided("default", Reject(480)) with { ByDefault = true }),
            Call(402, support) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, "no") { ExceptionType = "System.FormatException", File = "A.cs", Line = 7 } },
            Call(403, support) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicTimedOut, "too long") },
            Call(404, support) with { Verdict = Verdict.NotReplayable, Unrecorded = "look-up rates of +1555" },
        ];
    }

    private static string Pinned => Path.Combine(AppContext.BaseDirectory, "report-with-everything.json");

    /// <summary>Few calls, of every kind, with texts that somebody may have made to do harm.</summary>
    private static List<ReplayedCall> Hostile()
    {
        const string Evil = "<b>\"it's\"</b> & + \\ / \u0001\t\r\n\u007f\u0085\u009b \u202e\u2028\u2029 \u00e9\u4e2d \ud83d\ude00 \ud800 \ufffe";
        var (support, vip) = (Decided("support", Invite("4100")).With("branch", "North"), Decided("vip", Invite("4900"), Invite("7777")).With("branch", "South"));
        return
        [
            .. Enumerable.Range(0, 48).Select(i => Call(i, support, i % 4 == 0 ? vip : null, headers: i % 4 == 0 ? [("X-Tier", "gold")] : null, outcomes: i % 3 == 0 ? TransferOutcome.Busy : TransferOutcome.Answered)),
            .. Enumerable.Range(48, 8).Select(i => Call(i, Decided("vip", Invite("4900")), outcomes: i % 4 == 0 ? TransferOutcome.NoAnswer : TransferOutcome.Answered)),
            Call(60, Decided(Evil, Invite(Evil, Evil)).With(Evil, Evil), Decided("vip", Invite("4900")), caller: Evil, callee: Evil, trunk: Evil, at: Monday.AddTicks(1_234_567)),
            Call(61, Decided("default", Reject(480)) with { ByDefault = true }, Decided("support", Refer("sip:new@example.com;x=" + Evil))),
            Call(62, support, Decided("default", Reject(480)) with { ByDefault = true }, callee: Evil, at: Monday.ToOffset(TimeSpan.FromHours(5))),
            Call(63, support) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, Evil) { ExceptionType = "System.FormatException", File = "A<B>.cs", Line = 7 } },
            Call(64, support) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicTimedOut, "too long") },
            Call(65, support) with { Verdict = Verdict.NotReplayable, Unrecorded = Evil, LiveLookups = 3 },
        ];
    }

    private static string WrittenEverything()
    {
        using var builder = new ReplayReportBuilder();
        foreach (var call in Hostile())
            builder.Add(call);
        var run = Run() with
        {
            Query = new CallQuery { From = Monday.ToOffset(TimeSpan.FromHours(-3)), To = Monday.AddDays(1.00001), Limit = 500 },
            Where = "callee = <+1555>\u202e",
            LiveLookups = true,
            Cancelled = true,
            Elapsed = TimeSpan.FromTicks(12_345_678),
            Baseline = new Dictionary<string, long> { ["sha256:" + new string('b', 64)] = 10, ["sha256:" + new string('a', 64)] = 10, ["sha256:" + new string('d', 64)] = 30 },
        };
        var stream = new MemoryStream();
        ReportJson.Write(stream, builder.Build(run) with { Tripped = ["changed>2%", "\"errors\">0"] }, builder.Changes);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonElement Schema()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "replay-report.schema.json")));
        return document.RootElement.Clone();
    }

    private static JsonDocument Write(IEnumerable<ReplayedCall> calls) => JsonDocument.Parse(Text(calls));

    private static string Text(IEnumerable<ReplayedCall> calls)
    {
        using var builder = new ReplayReportBuilder();
        foreach (var call in calls)
            builder.Add(call);
        var stream = new MemoryStream();
        ReportJson.Write(stream, builder.Build(Run()) with { Tripped = ["changed>2%"] }, builder.Changes);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
