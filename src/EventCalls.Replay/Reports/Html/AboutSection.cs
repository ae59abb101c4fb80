using System.Globalization;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>What an auditor asks: which calls, which logic, when, and what was left out.</summary>
internal static class AboutSection
{
    public static void Write(HtmlWriter page, ReplayReport report)
    {
        var run = report.Run;
        page.Line($"<section aria-labelledby=\"h-about\"><h2 id=\"h-about\">About this replay</h2><dl class=\"about\">");
        Row(page, "Candidate", run.CandidateName);
        Row(page, "Its content hash", run.Candidate);
        if (report.Baseline is { } baseline)
            Row(page, "Compared with", $"{baseline.Name}, {baseline.Version}");
        foreach (var (version, calls) in run.Baseline.OrderByDescending(b => b.Value).ThenBy(b => b.Key, StringComparer.Ordinal))
            Row(page, "Decided by, then", $"{version}, {ReportWords.Calls(calls)}");
        Row(page, "Store", run.Store);
        Row(page, "Calls chosen", run.Where.Length > 0 ? run.Where : "all");
        Row(page, "Calls decided again", ReportWords.Number(report.Totals.Calls) + (run.Cancelled ? "; the run was stopped before the last one" : ""));
        Row(page, "Unrecorded look-ups", run.LiveLookups ? $"asked of today's tables, {ReportWords.Number(report.LiveLookups)} of them: those answers may not be what they were" : "not asked; such calls are not replayable");
        Row(page, "Begun", ReportHtml.Time(run.BeganAt));
        Row(page, "Took", string.Create(CultureInfo.InvariantCulture, $"{run.Elapsed.TotalSeconds:0.0} s"));
        page.Line($"</dl><h3>How to read it</h3><dl class=\"terms\">");
        Row(page, "Same", "Every decision of the call came out as it was recorded, the decisions after failed transfers included.");
        Row(page, "Changed", "A decision came out otherwise in at least one field: flow, handoff, target, headers, caller id, timeouts, state or fallbacks.");
        Row(page, "Error", "The candidate threw, ran too long, or gave a decision that cannot be carried out.");
        Row(page, "Not replayable", "The decision rests on something that was not recorded, so that neither same nor changed can be said.");
        Row(page, "Target", "The first step of a handoff: method, number or URI, and endpoint. Fallbacks are counted where it is said.");
        page.Line($"</dl></section>");
    }

    private static void Row(HtmlWriter page, string name, string text) => page.Line($"<div><dt>{name}</dt><dd class=\"text\">{text}</dd></div>");
}
