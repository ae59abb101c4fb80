using EventCalls.Replay.Reports.Contents;

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
        TotalsBar.WritePatterns(page);
        if (totals.Calls > 0)
            TotalsBar.Write(page, totals);
        page.Line($"<dl class=\"totals\">");
        Total(page, "same", "Same", totals.Same, totals);
        Total(page, "changed", "Changed", totals.Changed, totals);
        if (totals.Expected > 0)
            Total(page, "expected", "Expected", totals.Expected, totals);
        Total(page, "error", "Errors", totals.Errors, totals);
        Total(page, "unknown", "Not replayable", totals.NotReplayable, totals);
        if (totals.Nondeterministic > 0)
            Total(page, "nondeterministic", "Nondeterministic", totals.Nondeterministic, totals);
        page.Line($"</dl>");
        if (report.Expected.Count > 0)
        {
            page.Line($"<h3>Changes that were announced</h3><ul>");
            foreach (var rule in report.Expected)
                page.Line($"<li>{ReportText.Expected(rule)}</li>");
            page.Line($"</ul>");
        }
        page.Line($"</section>");
    }

    private static void Total(HtmlWriter page, string name, string title, long count, ReportTotals totals) =>
        page.Line($"<div><dt><svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" class=\"part-{name}\"/></svg>{title}</dt><dd>{count}<span>{ReportWords.Percent(count, totals.Calls)}</span></dd></div>");
}

/// <summary>Draws how many calls came out how, as one bar, each part with a pattern of its own.</summary>
internal static class TotalsBar
{
    private const double Width = 900;
    private const double Height = 34;

    // A part that is there is never too thin to be seen.
    private const double Least = 5;

    /// <summary>The patterns of the parts, which the words below have too where there is no bar.</summary>
    public static void WritePatterns(HtmlWriter page)
    {
        page.Line($"<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern id=\"p-changed\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" class=\"fill-changed\"/><rect width=\"2\" height=\"8\" class=\"fill-line\"/></pattern>");
        page.Line($"<pattern id=\"p-unknown\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" class=\"fill-unknown\"/><circle cx=\"3\" cy=\"3\" r=\"1.2\" class=\"fill-line\"/></pattern></defs></svg>");
    }

    public static void Write(HtmlWriter page, ReportTotals totals)
    {
        (string Class, string Name, long Calls)[] parts =
        [
            ("same", "same", totals.Same), ("changed", "changed", totals.Changed), ("expected", "changed as announced", totals.Expected), ("error", "errors", totals.Errors), ("unknown", "not replayable", totals.NotReplayable),
            .. totals.Nondeterministic > 0 ? [("nondeterministic", "nondeterministic", totals.Nondeterministic)] : Array.Empty<(string, string, long)>(),
        ];
        var shown = parts.Where(p => p.Calls > 0).ToArray();
        double free = Width - Least * shown.Length;
        page.Line($"<svg class=\"totals\" viewBox=\"0 0 900 34\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"totals-title\">");
        page.Line($"<title id=\"totals-title\">{string.Join(", ", parts.Select(p => $"{p.Name} {ReportWords.Number(p.Calls)} ({ReportWords.Percent(p.Calls, totals.Calls)})"))}</title>");
        double x = 0;
        foreach (var (name, title, calls) in shown)
        {
            double width = Least + free * calls / totals.Calls;
            page.Line($"<rect class=\"part-{name}\" x=\"{x}\" y=\"0\" width=\"{width}\" height=\"{Height}\"><title>{title}: {calls}</title></rect>");
            x += width;
        }
        page.Line($"</svg>");
    }
}
