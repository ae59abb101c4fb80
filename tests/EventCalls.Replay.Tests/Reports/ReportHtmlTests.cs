using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Html;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed partial class ReportHtmlTests
{
    private const string Attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&";

    [Fact]
    public void Nothing_that_a_caller_or_logic_wrote_becomes_markup()
    {
        var was = Decided("f" + Attack, Invite("4100" + Attack)).With("k" + Attack, Attack);
        var now = Decided("t" + Attack, Invite("4900" + Attack)).With("k" + Attack, "b");
        var report = Report(
        [
            .. Enumerable.Range(0, 50).Select(i => Call(i, was, i % 2 == 0 ? now : null, caller: Attack, callee: Attack, trunk: Attack, headers: i % 2 == 0 ? [("X-Tier" + Attack, Attack)] : null, outcomes: TransferOutcome.Answered)),
            .. Enumerable.Range(50, 40).Select(i => Call(i, now, outcomes: TransferOutcome.Busy)),
            Call(100, was, was with { Flow = "default", ByDefault = true }, callee: Attack),
            Call(101, was) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, Attack) { ExceptionType = Attack, File = Attack, Line = 3 } },
            Call(102, was) with { Verdict = Verdict.NotReplayable, Unrecorded = Attack },
        ]);
        var run = Run() with { CandidateName = Attack, Candidate = Attack, Store = Attack, Where = Attack, Baseline = new Dictionary<string, long> { [Attack] = 1 } };
        var html = Write(report with { Tripped = [Attack], Run = run });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img", html, StringComparison.Ordinal);
        // Whatever stands in the texts, elements and attributes are only those that a report without it has.
        Assert.Empty(Shape(html).Except(Shape(Write(Report(ReportJsonTests.Rich()) with { Tripped = ["x"] }))));
        Assert.DoesNotContain(Shape(html), s => s.Contains("onerror", StringComparison.Ordinal));
    }

    [Fact]
    public void Marks_that_turn_the_direction_of_writing_and_control_characters_are_taken_out()
    {
        var html = Write(Report([Call(1, Decided("a\u202Eb\u0007", Invite("1")), Decided("c", Invite("2")))]));

        Assert.DoesNotContain('\u202E', html);
        Assert.DoesNotContain('\u0007', html);
        Assert.Contains("a\uFFFDb\uFFFD", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_fetches_nothing_and_runs_nothing()
    {
        var html = Write(Report(ReportJsonTests.Rich()));

        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)\\b(src|href|action|data)=|@import|url\\((?!#)|https?://|<link|<iframe| on[a-z]+=", html);
    }

    [Fact]
    public void Every_chart_has_a_title_every_table_a_caption_and_every_section_a_heading()
    {
        var page = Parse(Write(Report(ReportJsonTests.Rich())));

        var charts = page.Descendants("svg").Where(s => (string?)s.Attribute("role") == "img").ToList();
        Assert.Equal(3, charts.Count);
        Assert.All(charts, c => Assert.NotEmpty(c.Element("title")!.Value));
        Assert.All(page.Descendants("svg").Except(charts), s => Assert.Equal("true", (string?)s.Attribute("aria-hidden")));
        Assert.All(page.Descendants("table"), t => Assert.NotEmpty(t.Element("caption")!.Value));
        Assert.All(page.Descendants("section"), s => Assert.Equal((string?)s.Attribute("aria-labelledby"), (string?)s.Element("h2")!.Attribute("id")));
        var ids = page.Descendants().Select(e => (string?)e.Attribute("id")).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void It_says_first_what_it_came_to_and_why_it_is_not_let_pass()
    {
        var page = Parse(Write(Report(ReportJsonTests.Rich()) with { Tripped = ["changed>2%: too many"] }));

        var summary = page.Descendants("section").First();
        Assert.Equal("62 of 345 calls (18.0 %) would be decided otherwise.", summary.Elements("p").First().Value);
        Assert.Equal("changed>2%: too many", summary.Descendants("li").Single().Value);
        Assert.Contains(page.Descendants("li"), li => li.Value == "Header X-Tier is gold: true of 60 of 60 changed calls, and of 0 of 241 others.");
    }

    [Fact]
    public void A_report_of_no_calls_is_a_page_too()
    {
        var page = Parse(Write(Report([])));

        Assert.Equal("No call was decided again: nothing can be said about the candidate.", page.Descendants("section").First().Elements("p").First().Value);
    }

    [Fact]
    public void Long_lists_say_what_they_leave_out()
    {
        var calls = Enumerable.Range(0, 337).Select(i => Call(i, Decided("support", Invite($"4{i:000}")), Decided("support", Invite($"5{i:000}"))));

        var html = Write(Report(calls));
        Assert.Contains("and 312 more moves (312 calls)", html, StringComparison.Ordinal);
    }

    // Elements with their attributes' names, as XML: what is no well-formed markup does not pass.
    private static HashSet<string> Shape(string html) => [.. Parse(html).DescendantsAndSelf().Select(e => $"{e.Name} {string.Join(' ', e.Attributes().Select(a => a.Name))}")];

    private static XElement Parse(string html) => XDocument.Parse(VoidElement().Replace(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<$1/>")).Root!;

    private static string Write(ReplayReport report)
    {
        var stream = new MemoryStream();
        ReportHtml.Write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex("<(meta [^>]*)>")]
    private static partial Regex VoidElement();
}
