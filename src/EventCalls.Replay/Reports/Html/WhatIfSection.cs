using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Whether the callers would still be answered.</summary>
internal static class WhatIfSection
{
    private const int MostTargets = 20;

    public static void Write(HtmlWriter page, WhatIf whatIf)
    {
        page.Line($"<section aria-labelledby=\"h-whatif\"><h2 id=\"h-whatif\">Would callers still be answered?</h2>");
        foreach (var sentence in ReportWords.About(whatIf))
            page.Line($"<p>{sentence}</p>");
        if (whatIf.Calls > 0)
        {
            if (whatIf.Estimated > 0)
                Chart(page, whatIf);
            Targets(page, whatIf);
            Loads(page, whatIf.Loads);
            page.Line($"<h3>What these figures take for granted</h3><ul class=\"small\">");
            foreach (var assumption in ReportWords.Assumptions)
                page.Line($"<li>{assumption}</li>");
            page.Line($"</ul>");
        }
        page.Line($"</section>");
    }

    private static void Chart(HtmlWriter page, WhatIf whatIf)
    {
        page.Line($"<figure>");
        IntervalChart.Write(page, whatIf);
        page.Line($"<figcaption>{ReportWords.Calls(whatIf.Estimated)}: <svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><circle class=\"mark-was\" cx=\"7\" cy=\"7\" r=\"5\"/></svg> what their old targets gave, ");
        page.Write($"<svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path class=\"mark-now\" d=\"M7 1l6 6l-6 6l-6 -6Z\"/></svg> what their new targets are expected to give; lines are 95 % intervals: for what was, of the rate; for what is expected, of these very calls.");
        if (whatIf.Expected is { Unknown: > 0 } expected)
            page.Write($" For another {ReportWords.Percent(expected.Unknown)} nothing can be said: they would reach a fallback that was never tried.");
        if (whatIf.Before.CallerHungUp + whatIf.Before.Unknown > 0)
            page.Write($" Before, {ReportWords.Calls(whatIf.Before.CallerHungUp)} were given up before the target decided, and of {whatIf.Before.Unknown} nothing is recorded; they are in no rate.");
        page.Line($"</figcaption></figure>");
    }

    private static void Targets(HtmlWriter page, WhatIf whatIf)
    {
        page.Line($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Expected answer rates by new target\"><table><caption>By new target. History is what attempts to reach it came to in all replayed calls.</caption>");
        page.Line($"<thead><tr><th scope=\"col\">New target</th><th scope=\"col\" class=\"n\">Calls</th><th scope=\"col\" class=\"n\">Answered before</th><th scope=\"col\" class=\"n\" colspan=\"2\">Answered, expected</th><th scope=\"col\">History</th></tr></thead><tbody>");
        foreach (var target in whatIf.Targets.Items.Take(MostTargets))
        {
            page.Write($"<tr><th scope=\"row\" class=\"text\">{ReportWords.Steps(target)}</th><td class=\"n\">{target.Calls}</td><td class=\"n\">{(target.BeforeRates is { } before ? ReportWords.Percent(before.Answered.Value) : "–")}</td>");
            if ((target.Predicted ?? target.Expected) is { } expected)
            {
                page.Write($"<td class=\"spark\">");
                IntervalChart.WriteSmall(page, expected.Answered);
                page.Write($"</td><td class=\"n\">{ReportWords.Answered(target)}</td>");
            }
            else
            {
                page.Write($"<td></td><td class=\"n\">{ReportWords.Answered(target)}</td>");
            }
            page.Line($"<td class=\"history\">{History(target)}</td></tr>");
        }
        page.Line($"</tbody></table></div>");
        Rest.Write(page, whatIf.Targets.Items.Skip(MostTargets).Sum(t => t.Calls), Math.Max(0, whatIf.Targets.Items.Count - MostTargets), whatIf.Targets.Omitted, "targets");
    }

    private static void Loads(HtmlWriter page, Listing<TargetLoad> loads)
    {
        if (loads.Items.Count == 0)
            return;
        page.Line($"<h3>Busier than ever measured</h3><ul>");
        foreach (var load in loads.Items.Take(MostTargets))
            page.Line($"<li class=\"text\">{ReportWords.Load(load)}</li>");
        page.Line($"</ul>");
        Rest.Write(page, 0, Math.Max(0, loads.Items.Count - MostTargets), 0, "targets");
    }

    private static string History(WhatIfTarget target)
    {
        if (target.Predicted is null && target.AtLeast is not null)
            return $"none; fallbacks {string.Join(", ", target.Steps.Skip(1).Where(s => s.Rates is not null).Select(s => ReportWords.Number(s.Results.Counted)))}";
        var first = target.Steps[0];
        if (first.Results.Counted == 0)
            return first.Rates is not null ? "needs none" : first.Results.CallerHungUp > 0 ? $"none that counts: {ReportWords.Number(first.Results.CallerHungUp)} given up" : "none";
        return $"{ReportWords.Number(first.Results.Counted)} {(first.Results.Counted == 1 ? "attempt" : "attempts")}{(target.IsSmall ? ": few" : "")}";
    }
}
