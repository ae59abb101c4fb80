namespace EventCalls.Replay.Reports.Html;

/// <summary>What a manager reads: what it came to, in sentences, one bar and four figures.</summary>
internal static class SummarySection
{
    public static void Write(HtmlWriter page, ReplayReport report)
    {
        var totals = report.Totals;
        page.Line($"<header><p class=\"kicker\">Replay report</p><h1>{ReportWords.Calls(report.Totals.Calls)} against {report.Run.CandidateName}</h1>");
        page.Line($"<p class=\"against\">Past calls, decided again by this candidate. Nothing was called and nothing was recorded.</p></header>");
        page.Line($"<section aria-labelledby=\"h-summary\"><h2 id=\"h-summary\">Summary</h2>");
        if (report.Tripped.Count > 0)
        {
            page.Line($"<div class=\"gate\"><strong>Not let pass</strong><ul>");
            foreach (var rule in report.Tripped)
                page.Line($"<li>{rule}</li>");
            page.Line($"</ul></div>");
        }
        foreach (var (sentence, i) in ReportWords.Headline(report).Select((s, i) => (s, i)))
            page.Line($"<p class=\"{(i == 0 ? "lead" : "point")}\">{sentence}</p>");
        if (totals.Calls > 0)
            TotalsBar.Write(page, totals);
        page.Line($"<dl class=\"totals\">");
        Total(page, "same", "Same", totals.Same, totals);
        Total(page, "changed", "Changed", totals.Changed, totals);
        Total(page, "error", "Errors", totals.Errors, totals);
        Total(page, "unknown", "Not replayable", totals.NotReplayable, totals);
        page.Line($"</dl></section>");
    }

    private static void Total(HtmlWriter page, string name, string title, long count, ReportTotals totals) =>
        page.Line($"<div><dt><svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" class=\"part-{name}\"/></svg>{title}</dt><dd>{count}<span>{ReportWords.Percent(count, totals.Calls)}</span></dd></div>");
}
