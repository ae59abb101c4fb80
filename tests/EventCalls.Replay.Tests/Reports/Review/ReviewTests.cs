using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Diffs;
using EventCalls.Replay.Reports.Html;
using EventCalls.Replay.Reports.Review;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports.Review;

/// <summary>What reviewers and their tools get of a replay.</summary>
public sealed class ReviewTests
{
    private const string Old = "public sealed class Line : RoutingLogic\n{\n    // VIPs\n    public override Decision Start(Conversation conv)\n        => Handoff.Invite(\"4100\");\n}\n";
    private const string New = "public sealed class Line : RoutingLogic\n{\n    // VIPs\n    public override Decision Start(Conversation conv)\n        => Handoff.Invite(\"4900\");\n}\n";

    [Fact]
    public void An_annotation_stands_at_the_line_that_decides_otherwise_and_nothing_in_it_ends_it()
    {
        string text = Written(ReportAnnotations.Write, Report() with { Tripped = ["changed>0: 12 of 20 calls changed, 60 %"] });

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("::error title=Replay gate::changed>0: 12 of 20 calls changed, 60 %25", lines[0]);
        Assert.Contains(lines, l => l.StartsWith("::error file=routing/Line.cs,line=9,title=1 call without a usable decision::System.FormatException at Line.cs:9: bad%0A::warning::x", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("::warning file=routing/Line.cs,line=5,title=support%3A invite 4100 via pstn → invite 4900 via pstn::12 calls of 14 (85.7 %25).", StringComparison.Ordinal));
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void SARIF_has_a_result_for_each_finding_with_its_place()
    {
        using var sarif = JsonDocument.Parse(Written(ReportSarif.Write, Report()));

        var run = sarif.RootElement.GetProperty("runs")[0];
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "changed"], results.Select(r => r.GetProperty("ruleId").GetString()));
        Assert.All(results, r => Assert.Contains(r.GetProperty("ruleId").GetString(), rules));
        Assert.All(run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray(), r => Assert.All((string[])["shortDescription", "fullDescription", "help"], text => Assert.NotEmpty(r.GetProperty(text).GetProperty("text").GetString()!)));
        var place = results[1].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal(("routing/Line.cs", 5), (place.GetProperty("artifactLocation").GetProperty("uri").GetString(), place.GetProperty("region").GetProperty("startLine").GetInt32()));
        Assert.StartsWith("support: invite 4100 via pstn → invite 4900 via pstn: 12 calls", results[1].GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_SARIF_finds_is_known_again_whatever_its_line_and_however_many_calls_there_are()
    {
        List<ReplayedCall> Moved(int calls, int line) => [.. Enumerable.Range(1, calls).Select(i =>
            Call(i, Decided("support", Invite("4100")), Decided("support", Invite("4900")) with { DecidedBy = $"Line.Start (Line.cs:{line})" }))];

        string[] once = Fingerprints(PastCalls.Report(Moved(3, 5)));
        string[] later = Fingerprints(PastCalls.Report(Moved(40, 7)));

        Assert.Equal(once, later);
        Assert.Matches("^[0-9a-f]{16}:1$", Assert.Single(once));
        Assert.Equal(2, Fingerprints(Report()).Distinct().Count());

        static string[] Fingerprints(ReplayReport report)
        {
            using var sarif = JsonDocument.Parse(Written(ReportSarif.Write, report));
            return [.. sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Select(r => r.GetProperty("partialFingerprints").GetProperty("primaryLocationLineHash").GetString()!)];
        }
    }

    [Fact]
    public void What_has_no_line_is_no_result_of_SARIF_but_is_said_in_it()
    {
        var now = Decided("support", Invite("4900")) with { DecidedBy = "POST http://127.0.0.1/decide" };
        using var sarif = JsonDocument.Parse(Written(ReportSarif.Write, PastCalls.Report([Call(1, Decided("support", Invite("4100")), now)])));

        var run = sarif.RootElement.GetProperty("runs")[0];
        Assert.Empty(run.GetProperty("results").EnumerateArray());
        var said = Assert.Single(run.GetProperty("invocations")[0].GetProperty("toolExecutionNotifications").EnumerateArray());
        Assert.StartsWith("support: invite 4100 via pstn → invite 4900 via pstn: 1 call", said.GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("routing", "", "routing")]
    [InlineData("./routing/", "", "routing")]
    [InlineData(".", "", "")]
    [InlineData("../routing", "elsewhere", "routing")]
    [InlineData(".", "routing/deep", "routing/deep")]
    public void A_folder_of_logic_is_named_from_the_root_of_its_repository(string logic, string from, string path)
    {
        var root = Directory.CreateTempSubdirectory("eventcalls-repository-");
        try
        {
            root.CreateSubdirectory(".git");
            string working = root.CreateSubdirectory(from is "" ? "routing/deep" : from).FullName;
            if (from is "")
                working = root.FullName;

            Assert.Equal(path, RepositoryPath.Of(logic, working));
            Assert.Equal(path, RepositoryPath.Of(Path.Combine(working, logic), working));
            Directory.Delete(Path.Combine(root.FullName, ".git"));
            Assert.Equal("a/b", RepositoryPath.Of("a/b", working));
            Assert.Equal($"{root.FullName}/x", RepositoryPath.Of($"{root.FullName}/x", Path.Combine(working, "inner")));
            Assert.Null(RepositoryPath.Of("sha256:3f2a91c0", working));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void JUnit_has_a_test_for_each_rule_and_those_that_tripped_failed()
    {
        var report = Report() with
        {
            Checks = ["changed>0", "errors>2", "golden call a\u0001b"],
            Tripped = ["changed>0: 12 of 20 calls changed, 60 %", "nondeterministic: 1 of 20 calls"],
        };

        var suite = XDocument.Parse(Written(ReportJUnit.Write, report)).Root!.Element("testsuite")!;

        Assert.Equal(("4", "2"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
        Assert.Equal(
            [("changed>0", "changed>0: 12 of 20 calls changed, 60 %"), ("errors>2", null), ("golden call a\uFFFDb", null), ("the replay can be relied on", "nondeterministic: 1 of 20 calls")],
            suite.Elements("testcase").Select(t => ((string)t.Attribute("name")!, (string?)t.Element("failure")?.Attribute("message"))));
    }

    [Fact]
    public void The_comment_for_a_pull_request_says_what_came_of_it_and_shows_the_lines()
    {
        string text = Written(ReportMarkdown.Write, Report() with { Tripped = ["changed>0: 12 of 14 calls changed, 85.7 %"] });

        Assert.StartsWith("## ❌ Replay: not let pass\n", text, StringComparison.Ordinal);
        Assert.Contains("| **Changed** | 12 | 85.7 % |", text, StringComparison.Ordinal);
        Assert.Contains("**support: invite 4100 via pstn → invite 4900 via pstn**: 12 calls, 85.7 %", text, StringComparison.Ordinal);
        Assert.Contains("``````diff\n--- Line.cs\n@@ -2,5 +2,5 @@\n {\n     // VIPs\n     public override Decision Start(Conversation conv)\n-        => Handoff.Invite(\"4100\");\n+        => Handoff.Invite(\"4900\");\n }\n``````", text, StringComparison.Ordinal);
        Assert.Contains("System.FormatException at Line.cs:9", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_texts_marks_make_no_markup_of_a_comment_and_nobody_is_called_by_it()
    {
        var evil = Decided("a|b <img src=x> @everyone [x](http://evil)\n# big", Invite("4900"));
        string text = Written(ReportMarkdown.Write, PastCalls.Report([Call(1, Decided("support", Invite("4100")), evil)]));

        Assert.DoesNotContain("<img", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@everyone", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[x](http", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# big", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_the_changed_calls_with_links_and_the_source_that_differs_and_runs_no_script_but_its_own()
    {
        using var builder = new ReplayReportBuilder();
        foreach (var call in Calls())
            builder.Add(call);
        var report = builder.Build(Run() with { Console = new Uri("https://calls.example.com/") }) with { Diff = Diff() };
        string html = Written((stream, r) => ReportHtml.Write(stream, r, builder.Changes), report);

        Assert.Equal(12, html.Split("<a href=\"https://calls.example.com/calls/").Length - 1);
        Assert.Contains("<del>-        =&gt; Handoff.Invite(&quot;4100&quot;);</del>", html, StringComparison.Ordinal);
        string script = html.Split("<script>")[1].Split("</script>")[0];
        string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'\"", html, StringComparison.Ordinal);
        // Served, that script runs as well, and cannot ask the server for anything in its reader's name.
        Assert.Contains($"script-src 'sha256-{hash}';", ReportPolicy.Header, StringComparison.Ordinal);
        Assert.EndsWith("sandbox allow-popups allow-scripts", ReportPolicy.Header, StringComparison.Ordinal);
        Assert.Single(html.Split("<script").Skip(1));
    }

    [Fact]
    public void What_the_style_of_the_page_points_at_is_in_it_also_when_no_call_was_decided()
    {
        string html = Written((stream, r) => ReportHtml.Write(stream, r), PastCalls.Report([]));

        var patterns = System.Text.RegularExpressions.Regex.Matches(html, @"url\(#([\w-]+)\)").Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(patterns);
        Assert.All(patterns, id => Assert.Contains($"id=\"{id}\"", html, StringComparison.Ordinal));
    }

    [Fact]
    public void Differences_have_three_lines_around_and_near_ones_are_one()
    {
        string[] was = [.. Enumerable.Range(1, 40).Select(i => $"line {i}")];
        string[] now = [.. was];
        (now[4], now[9], now[30]) = ("five", "ten", "thirty-one");

        var diff = Assert.Single(SourceDiffs.Between([new LogicSource("a.cs", string.Join('\n', was)), new LogicSource("b.cs", "same")], [new LogicSource("a.cs", string.Join('\n', now)), new LogicSource("b.cs", "same")]));

        Assert.Equal(["@@ -2,12 +2,12 @@", "@@ -28,7 +28,7 @@"], diff.Hunks.Select(h => h.Head));
        Assert.Equal(["-line 5", "+five"], diff.Hunks[0].Lines.Where(l => l.Kind != ' ').Take(2).Select(l => $"{l.Kind}{l.Text}"));
        var added = Assert.Single(SourceDiffs.Between([], [new LogicSource("c.cs", "x\ny\n")]));
        Assert.Equal("@@ -1,0 +1,2 @@", Assert.Single(added.Hunks).Head);
    }

    [Fact]
    public void Beside_a_group_stands_what_differs_in_that_by_which_its_calls_were_decided()
    {
        const string was = """
            using System;

            public sealed class Line : RoutingLogic
            {
                private const string Desk = "4100";

                private const string Night = "4500";

                public override Decision Start(Conversation conv)
                {
                    if (IsVip(conv))
                        return conv.GotoFlow("door");
                    return conv.GotoFlow("general");
                }

                [Flow("door")]
                public Decision Door(Conversation conv) => conv.GotoFlow("vip");

                [Flow("vip")]
                public Decision Vip(Conversation conv)
                {
                    return Handoff.Invite(Tables.Desks[0]);
                }

                [Flow("general")]
                public Decision General(Conversation conv) => Handoff.Invite(Desk);

                [Flow("night")]
                public Decision AtNight(Conversation conv) => Handoff.Invite(Night);

                private static bool IsVip(Conversation conv) => conv.CallerNumber == "+15550001";
            }
            """;
        string now = was.Replace("\"4100\"", "\"4111\"", StringComparison.Ordinal).Replace("\"4500\"", "\"4555\"", StringComparison.Ordinal)
            .Replace("conv.GotoFlow(\"vip\")", "conv.GotoFlow(\"vip\", 1)", StringComparison.Ordinal).Replace("== \"+15550001\"", "is \"+15550001\"", StringComparison.Ordinal);
        var changes = SourceChanges.Between(
            [new LogicSource("Line.cs", was), new LogicSource("Tables.cs", "static class Tables\n{\n    public static readonly string[] Desks = [\"4900\"];\n}\n")],
            [new LogicSource("Line.cs", now), new LogicSource("Tables.cs", "static class Tables\n{\n    public static readonly string[] Desks = [\"4950\"];\n}\n")]);

        Assert.Equal(["Desk = \"4111\"", "conv.CallerNumber is"], Added("Line.General (Line.cs:26)"));
        Assert.Equal(["GotoFlow(\"vip\", 1)", "conv.CallerNumber is", "Desks = [\"4950\"]"], Added("Line.Vip (Line.cs:22)"));
        Assert.Equal(["Night = \"4555\"", "conv.CallerNumber is"], Added("Line.AtNight (Line.cs:29)"));
        Assert.Equal(["conv.CallerNumber is"], Added(""));
        Assert.Empty(Added("Line.TransferFailed (EventCalls.Routing/RoutingLogic.cs:9)", retry: 1));
        Assert.Equal(5, changes.Files.Sum(f => f.Hunks.Sum(h => h.Lines.Count(l => l.Kind == '+'))));

        List<string> Added(string decidedBy, int retry = 0)
        {
            string[] known = ["Desk = \"4111\"", "Night = \"4555\"", "GotoFlow(\"vip\", 1)", "conv.CallerNumber is", "Desks = [\"4950\"]"];
            var found = changes.For(Report().Groups.Items[0] with { Retry = retry, Places = [new DecidedAt(decidedBy, decidedBy, 1)] });
            return [.. found.SelectMany(f => f.Hunks).SelectMany(h => h.Lines).Where(l => l.Kind == '+').Select(l => Assert.Single(known, k => l.Text.Contains(k, StringComparison.Ordinal)))];
        }
    }

    [Fact]
    public void A_part_of_a_place_that_differs_keeps_its_line_numbers()
    {
        string[] was = [.. Enumerable.Range(1, 20).Select(i => $"line {i}")];
        List<string> now = [.. was];
        now[4] = "five";
        now.Insert(10, "ten and a half");
        now.RemoveAt(13);
        var hunk = Assert.Single(Assert.Single(SourceChanges.Between([new LogicSource("a.cs", string.Join('\n', was))], [new LogicSource("a.cs", string.Join('\n', now))]).Files).Hunks);

        Assert.Equal("@@ -2,15 +2,15 @@", hunk.Head);
        Assert.Equal(["@@ -8,5 +8,6 @@"], SourceDiffs.Part(hunk, (kind, line) => kind == '+' && line == 11).Select(h => h.Head));
        Assert.Equal(["@@ -2,7 +2,7 @@", "@@ -11,6 +12,5 @@"], SourceDiffs.Part(hunk, (kind, line) => kind == '-').Select(h => h.Head));
        Assert.Empty(SourceDiffs.Part(hunk, (_, _) => false));
    }

    [Fact]
    public void All_that_differs_stands_once_and_a_group_that_met_none_of_it_says_so()
    {
        var elsewhere = Report() with { Diff = SourceChanges.Between([new LogicSource("Line.cs", Old + "// the end\n")], [new LogicSource("Line.cs", Old + "// an end\n")]) };

        string html = Written((stream, r) => ReportHtml.Write(stream, r), elsewhere);
        Assert.Contains("No line that differs is in what decided these calls. <a href=\"#source\">", html, StringComparison.Ordinal);
        Assert.Single(html.Split("<ins>+// an end</ins>").Skip(1));
        Assert.Single(html.Split("id=\"source\"").Skip(1));
        string text = Written(ReportMarkdown.Write, elsewhere);
        Assert.Contains("No line that differs is in what decided these calls.\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split("\n+// an end\n").Skip(1));
    }

    private static SourceChanges Diff() => SourceChanges.Between([new LogicSource("Line.cs", Old)], [new LogicSource("Line.cs", New)]);

    private static ReplayReport Report() => PastCalls.Report(Calls()) with { Diff = Diff(), Run = Run() with { CandidateName = "./routing/", CandidatePath = "routing" } };

    private static List<ReplayedCall> Calls()
    {
        var was = Decided("support", Invite("4100")) with { DecidedBy = "Line.Start (Line.cs:5)" };
        var now = Decided("support", Invite("4900")) with { DecidedBy = "Line.Start (Line.cs:5)" };
        return
        [
            .. Enumerable.Range(1, 12).Select(i => Call(i, was, now)),
            Call(20, was),
            Call(21, was) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, "bad\n::warning::x") { ExceptionType = "System.FormatException", File = "Line.cs", Line = 9 } },
        ];
    }

    private static string Written(Action<Stream, ReplayReport> write, ReplayReport report)
    {
        using var stream = new MemoryStream();
        write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
