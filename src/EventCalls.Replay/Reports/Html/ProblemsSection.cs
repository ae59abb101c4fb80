using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Calls that the candidate cannot decide, or decides by matching nothing.</summary>
internal static class ProblemsSection
{
    private const int Most = 25;

    public static void Write(HtmlWriter page, ReplayReport report)
    {
        page.Line($"<section aria-labelledby=\"h-problems\"><h2 id=\"h-problems\">Errors, and what cannot be said</h2>");
        Errors(page, report);
        Unrecorded(page, report);
        Nondeterministic(page, report);
        Unmatched(page, report.MatchesNothing);
        page.Line($"</section>");
    }

    private static void Errors(HtmlWriter page, ReplayReport report)
    {
        page.Line($"<h3>Errors <span class=\"count\">{ReportWords.Calls(report.Totals.Errors)}</span></h3>");
        if (report.Totals.Errors == 0)
        {
            page.Line($"<p>The candidate gave a usable decision for every call that could be decided.</p>");
            return;
        }
        foreach (var error in report.ErrorGroups.Items.Take(Most))
        {
            page.Line($"<div class=\"problem\"><p><strong>{ReportText.Place(error)}</strong> <span class=\"count\">{ReportWords.Calls(error.Calls)}</span></p><p class=\"text\">{error.Message}</p>");
            GroupsSection.Examples(page, error.Examples);
            page.Line($"</div>");
        }
        Rest.Write(page, report.ErrorGroups.Items.Skip(Most).Sum(e => e.Calls), Math.Max(0, report.ErrorGroups.Items.Count - Most), report.ErrorGroups.Omitted, "kinds of error");
    }

    private static void Unrecorded(HtmlWriter page, ReplayReport report)
    {
        page.Line($"<h3>Not replayable <span class=\"count\">{ReportWords.Calls(report.Totals.NotReplayable)}</span></h3>");
        if (report.Totals.NotReplayable == 0)
        {
            page.Line($"<p>Every decision rests on what was recorded.</p>");
            return;
        }
        foreach (var group in report.Unrecorded.Items.Take(Most))
        {
            page.Line($"<div class=\"problem\"><p class=\"text\">{group.Unrecorded} <span class=\"count\">{ReportWords.Calls(group.Calls)}</span></p>");
            GroupsSection.Examples(page, group.Examples);
            page.Line($"</div>");
        }
        Rest.Write(page, report.Unrecorded.Items.Skip(Most).Sum(u => u.Calls), Math.Max(0, report.Unrecorded.Items.Count - Most), report.Unrecorded.Omitted, "reasons");
    }

    private static void Nondeterministic(HtmlWriter page, ReplayReport report)
    {
        if (report.Totals.Nondeterministic == 0)
            return;
        page.Line($"<h3>Nondeterministic <span class=\"count\">{ReportWords.Calls(report.Totals.Nondeterministic)}</span></h3>");
        foreach (var group in report.Nondeterministic.Items.Take(Most))
        {
            page.Line($"<div class=\"problem\"><p class=\"text\">{group.Differs} <span class=\"count\">{ReportWords.Calls(group.Calls)}</span></p>");
            GroupsSection.Examples(page, group.Examples);
            page.Line($"</div>");
        }
        Rest.Write(page, report.Nondeterministic.Items.Skip(Most).Sum(g => g.Calls), Math.Max(0, report.Nondeterministic.Items.Count - Most), report.Nondeterministic.Omitted, "kinds");
    }

    private static void Unmatched(HtmlWriter page, MatchesNothing unmatched)
    {
        page.Line($"<h3>Calls that match nothing <span class=\"count\">was {unmatched.Was}, now {unmatched.Now}</span></h3>");
        page.Line($"<p>{ReportText.Unmatched(unmatched)}</p>");
        if (unmatched.Now == 0)
            return;
        page.Line($"<table><caption>Numbers dialled by calls that match nothing now</caption><thead><tr><th scope=\"col\">Dialled number</th><th scope=\"col\" class=\"n\">Calls</th></tr></thead><tbody>");
        foreach (var callee in unmatched.Callees.Items.Take(Most))
            page.Line($"<tr><td class=\"text\">{callee.Number}</td><td class=\"n\">{callee.Calls}</td></tr>");
        page.Line($"</tbody></table>");
        Rest.Write(page, unmatched.Callees.Items.Skip(Most).Sum(c => c.Calls), Math.Max(0, unmatched.Callees.Items.Count - Most), unmatched.Callees.Omitted, "numbers");
        GroupsSection.Examples(page, unmatched.Examples);
    }
}
