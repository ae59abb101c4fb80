using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Which calls changed, and what they have in common: what an engineer acts on.</summary>
internal static class GroupsSection
{
    private const int MostGroups = 25;
    private const int MostValues = 6;

    public static void Write(HtmlWriter page, ReplayReport report)
    {
        if (report.Groups.Items.Count == 0)
            return;
        page.Line($"<section aria-labelledby=\"h-groups\"><h2 id=\"h-groups\">What changed, and what those calls have in common</h2>");
        page.Line($"<p class=\"small\">Changed calls are grouped by what became of them, and compared with the other calls of the same old flow. A common cause is what the calls show, not a proof of what the logic reads.</p>");
        foreach (var group in report.Groups.Items.Take(MostGroups))
            Group(page, group, report);
        Rest.Write(page, report.Groups.Items.Skip(MostGroups).Sum(g => g.Calls), Math.Max(0, report.Groups.Items.Count - MostGroups), report.Groups.Omitted, "groups");
        page.Line($"</section>");
    }

    private static void Group(HtmlWriter page, ChangeGroup group, ReplayReport report)
    {
        page.Line($"<article class=\"group\"><h3><bdi>{ReportWords.Title(group)}</bdi> <span class=\"count\">{ReportWords.Calls(group.Calls)}, {ReportWords.Percent(group.Calls, report.Totals.Calls)}</span></h3>");
        page.Line($"<ul class=\"{(group.Finding is CauseFinding.Found or CauseFinding.WholeFlow ? "causes" : "nocause")}\">");
        foreach (var sentence in ReportWords.Causes(group))
            page.Line($"<li>{sentence}</li>");
        page.Line($"</ul><table class=\"values\"><caption>Most frequent differences</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Was</th><th scope=\"col\">Now</th><th scope=\"col\" class=\"n\">Calls</th></tr></thead><tbody>");
        foreach (var value in group.Values.Items.Take(MostValues))
            page.Line($"<tr><th scope=\"row\" class=\"text\">{value.Field}</th><td class=\"text\">{value.Was ?? "(none)"}</td><td class=\"text\">{value.Now ?? "(none)"}</td><td class=\"n\">{value.Calls}</td></tr>");
        page.Line($"</tbody></table>");
        int more = Math.Max(0, group.Values.Items.Count - MostValues);
        Rest.Write(page, group.Values.Items.Skip(MostValues).Sum(v => v.Calls), more, group.Values.Omitted, "differences");
        Examples(page, group.Examples);
        DiffView.OfGroup(page, group, report.Diff);
        page.Line($"</article>");
    }

    /// <summary>Calls to look at.</summary>
    public static void Examples(HtmlWriter page, IReadOnlyList<Guid> calls)
    {
        if (calls.Count == 0)
            return;
        page.Write($"<p class=\"examples\">For example");
        foreach (var call in calls)
            page.Write($" <code>{call}</code>");
        page.Line($"</p>");
    }
}

/// <summary>Says what a table leaves out.</summary>
internal static class Rest
{
    /// <param name="page">The page.</param>
    /// <param name="calls">Calls of the kinds that are in the report, and not shown here.</param>
    /// <param name="kinds">How many kinds those are.</param>
    /// <param name="omitted">Calls of kinds that are not in the report at all.</param>
    /// <param name="what">What they are.</param>
    public static void Write(HtmlWriter page, long calls, int kinds, long omitted, string what)
    {
        if (ReportWords.Rest(calls, kinds, omitted, what) is { Length: > 0 } words)
            page.Line($"<p class=\"more\">{words}</p>");
    }
}
